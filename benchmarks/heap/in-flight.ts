import { text } from 'node:stream/consumers';
import { getHeapSnapshot } from 'node:v8';
import type { Exchange, Transport, TransportFailure } from '@lateen/client';
import { PlainHandler } from '../micro/stub-transport.ts';
import { meshUnderTest, ORIGIN } from '../support/mesh-under-test.ts';

/** What holding calls in flight adds to the heap, a call. */
export interface HeldObjects {
  readonly calls: number;
  readonly functions: number;
  readonly promises: number;
  readonly timers: number;
}

const WARM_UP = 100;

/** Holds `calls` calls in flight and counts what a heap snapshot has more of, functions, promises and timers. */
export async function countHeldObjects(calls: number): Promise<HeldObjects> {
  const mesh = meshUnderTest({ ports: [1, 2, 3, 4], createTransport: () => new SilentTransport(), deadline: true });
  const hold = (count: number): void => {
    for (let i = 0; i < count; i++) {
      mesh.dispatcher.dispatch(
        { origin: ORIGIN, path: '/reviews/0', method: 'GET', headers: ['accept', '*/*'] },
        new SwallowingHandler(),
      );
    }
  };
  hold(WARM_UP);
  const before = await countObjects();
  hold(calls);
  const after = await countObjects();
  await mesh.close();
  return {
    calls,
    functions: (after.functions - before.functions) / calls,
    promises: (after.promises - before.promises) / calls,
    timers: (after.timers - before.timers) / calls,
  };
}

/** Closing the mesh fails what is held; that is expected here. */
class SwallowingHandler extends PlainHandler {
  override onResponseError(): void {}
}

/** Takes requests and never answers. */
class SilentTransport implements Transport {
  readonly connections = 1;
  readonly waiting = 0;
  readonly #held = new Set<Exchange>();

  dispatch(_request: unknown, exchange: Exchange): boolean {
    this.#held.add(exchange);
    return true;
  }

  cancel(exchange: Exchange): void {
    this.#held.delete(exchange);
  }

  failure(): TransportFailure {
    return { kind: 'reset', processed: 'unknown', reusedConnection: false, origin: 'local' };
  }

  capacity(): number {
    return Number.POSITIVE_INFINITY;
  }

  async drain(): Promise<void> {}

  destroy(): void {
    this.#held.clear();
  }
}

interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[], ...unknown[]] };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
}

async function countObjects(): Promise<{ functions: number; promises: number; timers: number }> {
  const { snapshot, nodes, strings } = JSON.parse(await text(getHeapSnapshot())) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
  const closure = types[0].indexOf('closure');
  const counts = { functions: 0, promises: 0, timers: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const named = strings[nodes[at + name] as number];
    if (nodes[at + type] === closure) counts.functions++;
    else if (named === 'Promise') counts.promises++;
    else if (named === 'Timeout') counts.timers++;
  }
  return counts;
}
