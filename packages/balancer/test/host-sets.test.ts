import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hostSets, type LocalityOptions } from '../src/host-sets.ts';
import { localityDistance, localityMatches } from '../src/locality.ts';
import { endpointAt, tableOf } from './support/geo.ts';

const PLACES = ['region1/zone1/sub1', 'region1/zone1/sub2', 'region1/zone2/sub1', 'region2/zone1/sub1', 'region3/zone1/sub1'];
const OWN = 'region1/zone1/sub1';

function priorities(options: Partial<LocalityOptions>, places: readonly string[] = PLACES): string[][] {
  const { table, slots } = tableOf(places.map((place) => endpointAt(place)));
  const all = { own: OWN, weighted: true, distribute: undefined, failover: undefined, ...options };
  return hostSets(slots, table, all).map((set) => [...set.slots].map((slot) => places[slot] as string));
}

const byDistance = { byDistance: true, region: undefined, labels: [] };

describe('hostSets', () => {
  it('knows one priority without failover', () => {
    assert.deepEqual(priorities({}), [PLACES]);
  });

  it('puts the own sub-zone first, then zone, region and the rest', () => {
    assert.deepEqual(priorities({ failover: byDistance }), [[PLACES[0]], [PLACES[1]], [PLACES[2]], [PLACES[3], PLACES[4]]]);
  });

  it('leaves no gaps between priorities', () => {
    assert.deepEqual(priorities({ failover: byDistance, own: 'region3/zone1/sub1' }), [[PLACES[4]], PLACES.slice(0, 4)]);
    assert.deepEqual(priorities({ failover: byDistance, own: 'region9' }), [PLACES]);
  });

  it('prefers the region that a rule names', () => {
    assert.deepEqual(priorities({ failover: { ...byDistance, region: 'region3' } }).slice(3), [[PLACES[4]], [PLACES[3]]]);
  });

  it('ranks by labels, the first that differs deciding, and by distance only where both are asked for', () => {
    const endpoints = [
      endpointAt('region2/z/s', 'a', { version: 'v1', network: 'n1' }),
      endpointAt(OWN, 'b', { version: 'v2', network: 'n1' }),
      endpointAt(OWN, 'c', { version: 'v2' }),
      endpointAt('region2/z/s', 'd', { version: 'v2', network: 'n1' }),
    ];
    const { table, slots } = tableOf(endpoints);
    const labels = [
      ['version', 'v2'],
      ['network', 'n1'],
    ] as const;
    const order = (distance: boolean): string[] =>
      hostSets(slots, table, {
        own: OWN,
        weighted: false,
        distribute: undefined,
        failover: { byDistance: distance, region: undefined, labels },
      }).map((set) => [...set.slots].map((slot) => endpoints[slot]?.address).join(''));
    assert.deepEqual(order(false), ['bd', 'c', 'a']);
    assert.deepEqual(order(true), ['b', 'd', 'c', 'a']);
  });

  it('reads region, zone and sub-zone as labels too', () => {
    const failover = { byDistance: false, region: undefined, labels: [['topology.kubernetes.io/region', 'region2']] as const };
    assert.deepEqual(priorities({ failover })[0], [PLACES[3]]);
  });

  it('gives places their weights and others nothing; a place of several localities shares its own by what they weigh', () => {
    const { table, slots } = tableOf(
      PLACES.map((place) => endpointAt(place)),
      [1, 3, 1, 1, 1],
    );
    const distribute = [
      ['region1/zone1/*', 80],
      ['region2/*', 20],
    ] as const;
    const [set, ...more] = hostSets(slots, table, { own: OWN, weighted: true, distribute, failover: undefined });
    assert.equal(more.length, 0);
    assert.deepEqual(
      set?.localities.map(({ locality, weight }) => [locality, weight]),
      [
        [PLACES[0], 20],
        [PLACES[1], 60],
        [PLACES[3], 20],
      ],
    );
  });

  it('loses nobody and counts nobody twice', () => {
    const place = fc.constantFrom(...PLACES, '');
    fc.assert(
      fc.property(fc.array(place, { maxLength: 20 }), place, fc.boolean(), (places, own, weighted) => {
        const { table, slots } = tableOf(places.map((where, index) => endpointAt(where, `10.0.0.${index}`)));
        const sets = hostSets(slots, table, { own, weighted, distribute: undefined, failover: byDistance });
        assert.deepEqual(
          sets.flatMap((set) => [...set.slots]).sort((a, b) => a - b),
          [...slots],
        );
        for (const { slots: members, localities } of sets) {
          assert.ok(members.length > 0);
          if (localities.length > 0) {
            assert.deepEqual(
              localities.flatMap((locality) => [...locality.slots]).sort((a, b) => a - b),
              [...members].sort((a, b) => a - b),
            );
          }
        }
      }),
    );
  });
});

describe('localityMatches', () => {
  for (const [place, rule, matches] of [
    ['region1/zone1/sub1', '*', true],
    ['region1/zone1/sub1', 'region1', true],
    ['region1/zone1/sub1', 'region1/*', true],
    ['region1/zone1/sub1', 'region1/zone2/*', false],
    ['region1/zone1/sub1', '*/zone1', true],
    ['region1', 'region1/zone1', false],
    ['', 'region1', false],
  ] as const) {
    it(`says ${matches} for ${place || 'nowhere'} in ${rule}`, () => assert.equal(localityMatches(place, rule), matches));
  }
});

describe('localityDistance', () => {
  it('is the same both ways, and 0 at home', () => {
    const place = fc.constantFrom(...PLACES, '', 'region1');
    fc.assert(
      fc.property(place, place, (one, other) => {
        assert.equal(localityDistance(one, other), localityDistance(other, one));
        assert.equal(localityDistance(one, one), 0);
      }),
    );
  });
});
