/** The first value of a query parameter, percent-decoded as its name is. */
export function firstParam(path: string, name: string): string | undefined {
  const question = path.indexOf('?');
  if (question === -1) return undefined;
  for (const pair of path.slice(question + 1).split('&')) {
    const [key, value] = halves(pair);
    if (percentDecoded(key) === name) return percentDecoded(value);
  }
  return undefined;
}

/** The target without any occurrence of a query parameter; the others stay as they were sent. */
export function withoutParam(path: string, name: string): string {
  const question = path.indexOf('?');
  if (question === -1) return path;
  const kept = path
    .slice(question + 1)
    .split('&')
    .filter((pair) => percentDecoded(halves(pair)[0]) !== name);
  return kept.length > 0 ? `${path.slice(0, question)}?${kept.join('&')}` : path.slice(0, question);
}

/** The first cookie of that name, without quotes around it. Names are case-sensitive. */
export function cookieValue(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    if ((headers[i] as string).toLowerCase() !== 'cookie') continue;
    for (const pair of (headers[i + 1] as string).split(';')) {
      const [key, value] = halves(pair.trim());
      if (key === name) return value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
    }
  }
  return undefined;
}

function halves(pair: string): readonly [name: string, value: string] {
  const equals = pair.indexOf('=');
  return equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

/** What is no escape stays as it is; bytes that are no UTF-8 become replacement characters, which no token has. */
function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  const bytes: number[] = [];
  const raw = Buffer.from(text);
  for (let i = 0; i < raw.length; i++) {
    const hex = raw[i] === 37 ? raw.subarray(i + 1, i + 3).toString('latin1') : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      bytes.push(Number.parseInt(hex, 16));
      i += 2;
    } else bytes.push(raw[i] as number);
  }
  return Buffer.from(bytes).toString();
}
