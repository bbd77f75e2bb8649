/**
 * Reads the text of a 1xx head that node:http makes for HTTP/1.1 (`HTTP/1.1 103 Early Hints\r\nLink: …\r\n\r\n`): flat pairs, the status first.
 * Its names and values were checked when it was made.
 */
export function readInformational(text: string): { readonly status: string; readonly flat: string[] } {
  const lines = text.split('\r\n');
  const flat: string[] = [];
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(':');
    if (colon > 0) flat.push(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { status: (lines[0] as string).slice(9, 12), flat };
}

/** The lines that `addTrailers` has gathered, as flat pairs. */
export function readTrailers(lines: string): string[] {
  return readInformational(`\r\n${lines}`).flat;
}
