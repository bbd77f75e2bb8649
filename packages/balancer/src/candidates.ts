import type { Random } from '@lateen/core';
import type { LoadTable } from './load-table.ts';
import type { Members } from './members.ts';

/** How often a random draw is repeated before the members are walked instead. */
const DRAWS = 4;

/**
 * One available member at random; members in `avoid` only when nothing else is available, `other` never. -1 when none is.
 *
 * A few draws find one in O(1) while most are well; after that one walk from a random place decides, so that the answer is exact.
 */
export function drawAvailable(
  members: Members,
  table: LoadTable,
  random: Random,
  avoid: readonly number[] | undefined,
  other: number,
): number {
  if (members.count === 0) return -1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const slot = members.draw(random);
    if (table.available[slot] === 1 && slot !== other && !avoid?.includes(slot)) return slot;
  }
  const at = walkAvailable(members.slots, table, random.int(members.count), avoid, other);
  return at === -1 ? -1 : (members.slots[at] as number);
}

/** The index of the first available member from `start` on; a fresh one before an avoided one, `other` never. -1 when none is. */
export function walkAvailable(
  slots: Int32Array,
  table: LoadTable,
  start: number,
  avoid: readonly number[] | undefined,
  other: number,
): number {
  const count = slots.length;
  let tried = -1;
  for (let step = 0; step < count; step++) {
    const at = (start + step) % count;
    const slot = slots[at] as number;
    if (table.available[slot] !== 1 || slot === other) continue;
    if (!avoid?.includes(slot)) return at;
    if (tried === -1) tried = at;
  }
  return tried;
}
