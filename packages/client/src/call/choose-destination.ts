import type { Random } from '@lateen/core';
import type { Destination, RouteAction } from '@lateen/routing';

type Forward = Extract<RouteAction, { readonly kind: 'forward' }>;

/** One destination by weight. A single one costs no draw. */
export function chooseDestination({ destinations, totalWeight }: Forward, random: Random): Destination {
  if (destinations.length === 1) return destinations[0] as Destination;
  let draw = random.next() * totalWeight;
  for (const destination of destinations) {
    draw -= destination.weight;
    if (draw < 0) return destination;
  }
  return destinations.at(-1) as Destination;
}
