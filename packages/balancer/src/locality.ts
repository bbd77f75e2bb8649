/** Where something runs; empty parts are unknown. */
export interface Locality {
  readonly region: string;
  readonly zone: string;
  readonly subzone: string;
}

/** `region/zone/subzone`, later parts optional. */
export function parseLocality(text: string): Locality {
  const [region = '', zone = '', subzone = ''] = text.split('/');
  return { region, zone, subzone };
}

/** Whether a place is within what a rule names: `region1/zone1/*`, `region1`, `*`. Parts left out or `*` are any. */
export function localityMatches(place: string, rule: string): boolean {
  if (rule === '' || rule === '*') return true;
  const own = parseLocality(place);
  const { region, zone, subzone } = parseLocality(rule);
  return partMatches(own.region, region) && partMatches(own.zone, zone) && partMatches(own.subzone, subzone);
}

function partMatches(own: string, rule: string): boolean {
  return rule === '' || rule === '*' || own === rule;
}

/** How far away: 0 the same sub-zone, 1 the same zone, 2 the same region, 3 elsewhere. */
export function localityDistance(one: string, other: string): number {
  const here = parseLocality(one);
  const there = parseLocality(other);
  if (here.region !== there.region) return 3;
  if (here.zone !== there.zone) return 2;
  return here.subzone === there.subzone ? 0 : 1;
}
