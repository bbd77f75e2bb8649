/** How many members of each priority there are, and how many are well. */
export interface PriorityHealth {
  readonly total: number;
  readonly healthy: number;
}

export interface PriorityLoad {
  /** Percent of the requests, 100 in all; 0 everywhere when nobody can take any. */
  readonly loads: readonly number[];
  /** Whether the priority's sick members are used too. */
  readonly panic: readonly boolean[];
}

/** One and a half times what is needed is hardly too much: down to 1/1.4 of its members a priority takes everything. */
const OVERPROVISIONING_PERCENT = 140;

/**
 * How requests are shared among priorities: a priority takes as much as its healthy members can bear, the next takes the rest. Where all together cannot, and
 * fewer than `panicPercent` of a priority's members are well, its sick ones are called back.
 *
 * Source: Envoy, "Priority levels" and "Panic threshold".
 */
export function priorityLoad(priorities: readonly PriorityHealth[], panicPercent: number): PriorityLoad {
  const health = priorities.map(({ total, healthy }) =>
    total === 0 ? 0 : Math.min(100, Math.floor((OVERPROVISIONING_PERCENT * healthy) / total)),
  );
  const available = Math.min(
    100,
    health.reduce((sum, percent) => sum + percent, 0),
  );
  const panic = priorities.map(({ total, healthy }) => available < 100 && total > 0 && (healthy * 100) / total < panicPercent);
  if (priorities.length > 0 && priorities.every(({ total }, index) => panic[index] || total === 0) && panic.includes(true)) {
    return { loads: byMembers(priorities), panic };
  }
  return { loads: available === 0 ? health : byHealth(health, available), panic };
}

function byHealth(health: readonly number[], available: number): number[] {
  let left = 100;
  const loads = health.map((percent) => {
    const load = Math.min(left, Math.floor((percent * 100) / available));
    left -= load;
    return load;
  });
  const first = loads.findIndex((load) => load > 0);
  if (left > 0 && first >= 0) loads[first] = (loads[first] as number) + left;
  return loads;
}

function byMembers(priorities: readonly PriorityHealth[]): number[] {
  const members = priorities.reduce((sum, { total }) => sum + total, 0);
  const loads = priorities.map(({ total }) => Math.floor((100 * total) / members));
  const first = loads.findIndex((load) => load > 0);
  if (first >= 0) loads[first] = (loads[first] as number) + 100 - loads.reduce((sum, load) => sum + load, 0);
  return loads;
}
