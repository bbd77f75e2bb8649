/** The field that a JSON pointer ends in, as messages call it; `3` would say nothing, so an item of a list is an item. */
export function fieldOf(pointer: string): string {
  const name = pointer
    .slice(pointer.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  if (name === '') return 'spec';
  return /^\d+$/.test(name) ? 'item' : name;
}

/** `a, b, c`, and not more than a reader takes in. */
export function list(words: readonly unknown[]): string {
  return words.filter((word) => word !== '').join(', ');
}

/** `a string`, `an object`. */
export const articleOf = (type: string): string => (/^[aeio]/.test(type) ? `an ${type}` : `a ${type}`);

export function isJsonType(type: string, value: unknown): boolean {
  switch (type) {
    case 'object':
      return typeof value === 'object' && !Array.isArray(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
}
