// Run with --expose-gc in a process of its own: holds calls in flight and compares heap snapshots, type by type.
import { getHeapSnapshot } from 'node:v8';
import { text } from 'node:stream/consumers';
import { meshUnderTest, ORIGIN } from '../support/mesh-under-test.ts';
import { PlainHandler, StubTransport } from '../micro/stub-transport.ts';

/** Takes requests and never answers. */
class SilentTransport extends StubTransport {
  readonly #held: unknown[] = [];

  override dispatch(options: unknown, handler: unknown): boolean {
    this.#held.push(options, handler);
    return true;
  }
}

interface Snapshot {
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly [readonly string[]] };
  };
}

export interface HeldFigures {
  readonly calls: number;
  /** Objects that there are more of per call held: constructor or type → count per call. */
  readonly perCall: Readonly<Record<string, number>>;
  /** Functions, closures, promises and timers among them: must be empty. */
  readonly forbidden: Readonly<Record<string, number>>;
}

const CALLS = 1_000;
const FORBIDDEN = /^(?:\(closure\)|Promise|Timeout|Immediate|AsyncResource|PromiseReaction)/;

async function countObjects(): Promise<Map<string, number>> {
  globalThis.gc?.();
  globalThis.gc?.();
  const { nodes, strings, snapshot } = JSON.parse(await text(getHeapSnapshot())) as Snapshot;
  const fields = snapshot.meta.node_fields;
  const types = snapshot.meta.node_types[0];
  const [typeAt, nameAt] = [fields.indexOf('type'), fields.indexOf('name')];
  const counts = new Map<string, number>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = types[nodes[at + typeAt] as number] as string;
    const name = strings[nodes[at + nameAt] as number] as string;
    const key = type === 'closure' ? `(closure) ${name}` : type === 'object' ? name : `(${type})`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

async function measure(): Promise<HeldFigures> {
  const mesh = meshUnderTest({ ports: [1, 2], deadline: true, createTransport: () => new SilentTransport() });
  const send = (count: number): void => {
    for (let i = 0; i < count; i++) {
      mesh.dispatcher.dispatch({ origin: ORIGIN, path: '/reviews/0', method: 'GET' }, new PlainHandler());
    }
  };
  send(CALLS);
  const before = await countObjects();
  send(CALLS);
  const after = await countObjects();
  const perCall: Record<string, number> = {};
  for (const [key, count] of after) {
    const more = (count - (before.get(key) ?? 0)) / CALLS;
    if (more >= 0.5) perCall[key] = Math.round(more * 100) / 100;
  }
  const forbidden = Object.fromEntries(Object.entries(perCall).filter(([key]) => FORBIDDEN.test(key)));
  return { calls: CALLS, perCall, forbidden };
}

void measure().then((figures) => {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  process.exit(0);
});
