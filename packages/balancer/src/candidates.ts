import type { Random } from '@lateen/core';
import type { LoadTable } from './load-table.ts';

/** How often a random draw is repeated before the members are walked instead. */
const DRAWS = 4;

/**
 * One available member at random; members in `avoid` and `other` only when nothing else is available. -1 when none is.
 *
 * A few draws find one in O(1) while most are well; after that one walk from a random place decides, so that the answer is exact.
 */
export function drawAvailable(
  members: Int32Array,
  table: LoadTable,
  random: Random,
  avoid: readonly number[] | undefined,
  other: number,
): number {
  const count = members.length;
  if (count === 0) return -1;
  for (let draw = 0; draw < DRAWS; draw++) {
    const slot = members[random.int(count)] as number;
    if (table.available[slot] === 1 && slot !== other && !avoid?.includes(slot)) return slot;
  }
  return walkAvailable(members, table, random.int(count), avoid, other);
}

/** The first available member from `start` on; a fresh one before an avoided one, `other` never. */
export function walkAvailable(
  members: Int32Array,
  table: LoadTable,
  start: number,
  avoid: readonly number[] | undefined,
  other: number,
): number {
  const count = members.length;
  let tried = -1;
  for (let step = 0; step < count; step++) {
    const slot = members[(start + step) % count] as number;
    if (table.available[slot] !== 1 || slot === other) continue;
    if (!avoid?.includes(slot)) return slot;
    if (tried === -1) tried = slot;
  }
  return tried;
}
