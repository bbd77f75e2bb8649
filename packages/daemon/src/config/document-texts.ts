import { type Resource, resourceKey } from '@lateen/resources';

const SEPARATOR = /^---(?:\s|$)/;

/** The YAML document each resource of a file was written in, by `resourceKey`; none where several share a document (a `List`). */
export function documentTexts(text: string, resources: readonly Resource[]): Map<string, string> {
  const lines = text.split('\n');
  const keysByStart = new Map<number, string[]>();
  for (const resource of resources) {
    const start = documentStart(lines, resource.origin.line - 1);
    keysByStart.set(start, [...(keysByStart.get(start) ?? []), resourceKey(resource)]);
  }
  const texts = new Map<string, string>();
  for (const [start, keys] of keysByStart) {
    if (keys.length === 1) texts.set(keys[0] as string, documentAt(lines, start));
  }
  return texts;
}

/** Index of the document's first line, past its separator. */
function documentStart(lines: readonly string[], index: number): number {
  let start = Math.max(0, Math.min(index, lines.length - 1));
  while (start > 0 && !SEPARATOR.test(lines[start - 1] as string)) start--;
  return SEPARATOR.test(lines[start] ?? '') ? start + 1 : start;
}

function documentAt(lines: readonly string[], start: number): string {
  const end = lines.findIndex((line, index) => index >= start && SEPARATOR.test(line));
  return `${lines
    .slice(start, end < 0 ? undefined : end)
    .join('\n')
    .trim()}\n`;
}
