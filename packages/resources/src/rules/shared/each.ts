/** Every item of a list that may be missing, and where it stands. */
export function* each<Item>(items: readonly Item[] | undefined, at: string): Generator<readonly [Item, string, number]> {
  if (items) for (const [index, item] of items.entries()) yield [item, `${at}/${index}`, index];
}
