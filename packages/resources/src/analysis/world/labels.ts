export type Labels = Readonly<Record<string, string | undefined>>;

/** `app=web,version=v1`, the keys in order: how messages write a selector. */
export function selectorText(selector: Labels): string {
  return selectorKeys(selector)
    .map((key) => `${key}=${selector[key] ?? ''}`)
    .join(',');
}

/** The key that a message about the selector points to. */
export const firstKey = (selector: Labels): string => selectorKeys(selector)[0] ?? '';

/** Whether something with these labels is selected; nothing asked selects all. */
export function selects(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Whether whatever `wide` asks for `narrow` asks for as well. */
export function isPartOf(wide: Labels, narrow: Labels): boolean {
  return selects(wide, narrow);
}

const selectorKeys = (selector: Labels): string[] => Object.keys(selector).sort();
