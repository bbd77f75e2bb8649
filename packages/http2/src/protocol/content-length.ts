/**
 * The number in a Content-Length field, when `known` is what an earlier one said (-1 for none).
 * -2: it is no number, or differs from the earlier one.
 */
export function readContentLength(value: string, known: number): number {
  if (!/^[0-9]{1,15}$/.test(value)) return -2;
  const length = Number(value);
  return known === -1 || known === length ? length : -2;
}
