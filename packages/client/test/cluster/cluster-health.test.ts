import assert from 'node:assert/strict';
import { type MeshEventName, type MeshEvents, seededRandom, silentLogger, systemClock } from '@lateen/core';
import { MeshMetrics } from '@lateen/telemetry';
import { Cluster } from '../../src/cluster/cluster.ts';
import type { EndpointState } from '../../src/cluster/endpoint-state.ts';
import { SourceSeries } from '../../src/cluster/source-series.ts';
import { passthroughSpec } from '../../src/plan/passthrough.ts';
import { createTransport } from '../../src/transport/create-transport.ts';
import { soon } from '../support/failure.ts';
import { versioned } from '../support/setup.ts';

const OPEN_MS = 40;

describe('ClusterHealth', () => {
  let cluster: Cluster;
  let states: string[];

  beforeEach(() => {
    states = [];
    const self = {
      service: 's',
      namespace: 'default',
      labels: {},
      workload: 's',
      serviceAccount: 's',
      instance: 's-1',
      version: '',
    };
    const emit = <Name extends MeshEventName>(name: Name, event: MeshEvents[Name]): void => {
      if (name === 'breaker') states.push((event as MeshEvents['breaker']).state);
    };
    cluster = new Cluster(
      {
        ...passthroughSpec('http'),
        resolution: 'registry',
        loadBalancer: 'RANDOM',
        breaker: { consecutiveFailures: 2, openMs: OPEN_MS, maxOpenRatio: 0.5 },
      },
      {
        clock: systemClock,
        random: seededRandom(3),
        events: { emit },
        identity: undefined,
        series: new SourceSeries(new MeshMetrics({ logger: silentLogger }), self),
        createTransport,
      },
    );
    cluster.setEndpoints({ endpoints: [versioned(1, 'v1'), versioned(2, 'v2')], version: 1, ready: true, staleSince: 0 });
  });
  afterEach(() => cluster.close(new Error('over')));

  const attempt = (state: EndpointState, verdict: Parameters<EndpointState['release']>[0]): void => {
    state.acquire();
    state.release(verdict);
  };
  const picked = (): Set<number> =>
    new Set(Array.from({ length: 40 }, () => cluster.pick({} as never, undefined, 0)?.endpoint.port as number));

  it('lets one trial through after the pause, and closes when it succeeds', async () => {
    const [first] = cluster.endpoints as [EndpointState, EndpointState];
    attempt(first, 'gateway');
    attempt(first, 'local');
    assert.deepEqual([states, [...picked()]], [['open'], [2]]);
    await soon(OPEN_MS * 2);
    assert.deepEqual(states, ['open', 'half-open']);
    assert.deepEqual([...picked()].sort(), [1, 2]);
    first.acquire();
    assert.deepEqual([...picked()], [2], 'nobody else while the trial runs');
    first.release('success');
    assert.deepEqual([states.at(-1), [...picked()].sort()], ['closed', [1, 2]]);
  });

  it('opens again when the trial fails, and tries another when it was given up', async () => {
    const [first] = cluster.endpoints as [EndpointState, EndpointState];
    attempt(first, 'gateway');
    attempt(first, 'gateway');
    await soon(OPEN_MS * 2);
    attempt(first, 'none');
    assert.deepEqual([...picked()].sort(), [1, 2]);
    attempt(first, 'gateway');
    assert.deepEqual([states, [...picked()]], [['open', 'half-open', 'open'], [2]]);
  });

  it('counts a plain 500 as an answer, not towards the breaker', () => {
    const [first] = cluster.endpoints as [EndpointState, EndpointState];
    for (let i = 0; i < 3; i++) {
      attempt(first, 'gateway');
      attempt(first, '5xx');
    }
    assert.deepEqual(states, []);
  });

  it('returns slots of removed endpoints once nothing is in flight on them', () => {
    const [first] = cluster.endpoints as [EndpointState, EndpointState];
    first.acquire();
    cluster.setEndpoints({ endpoints: [versioned(2, 'v2')], version: 2, ready: true, staleSince: 0 });
    assert.deepEqual([...picked()], [2]);
    first.release('success');
    cluster.setEndpoints({ endpoints: [versioned(2, 'v2'), versioned(3, 'v3')], version: 3, ready: true, staleSince: 0 });
    assert.equal(cluster.endpoints.find(({ endpoint }) => endpoint.port === 3)?.slot, first.slot);
  });
});
