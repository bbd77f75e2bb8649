import type { Dispatcher } from 'undici';
import { Cancellation, type RequestContext, runInContext, systemClock } from '@lateen/core';
import { meshUnderTest, ORIGIN, tracingAtOnePercent } from '../support/mesh-under-test.ts';
import { alternate, type Measured, type Variant } from '../support/slices.ts';
import { PlainHandler, StubTransport } from './stub-transport.ts';

export interface StubFigures {
  readonly rawNs: number;
  /** Over a raw stub, nothing written by the mesh. */
  readonly noHeaderNs: number;
  /** For each further header that the mesh writes. */
  readonly perHeaderNs: number;
  /** Everything on, two headers, 1 % of the traces sampled and exported. */
  readonly tracedNs: number;
  readonly measured: readonly Measured[];
}

const ACCEPT = ['accept', 'application/json'];
const OWN_TRACE = ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'];
const OWN_ID = ['x-request-id', '3f0c9e0a-3c1e-4f6e-9f43-1a2b3c4d5e6f'];

interface Dispatches {
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean;
}

/** What the mesh costs above a transport that answers at once, when nobody disturbs: slices are shorter than the scheduler's. */
export async function benchStub(collector: string, rounds: number, count: number): Promise<StubFigures> {
  const raw = new StubTransport();
  const createTransport = (): StubTransport => new StubTransport();
  const mesh = meshUnderTest({ ports: [1, 2, 3, 4], createTransport });
  const traced = meshUnderTest({ ports: [1, 2, 3, 4], createTransport, tracing: tracingAtOnePercent(collector) });
  const deadline: RequestContext = {
    principal: undefined,
    deadline: systemClock.now() + 3_600_000,
    trace: undefined,
    requestId: OWN_ID[1] as string,
    priority: 'default',
    cancellation: new Cancellation(),
  };
  const variants = [
    loop('raw, one header', raw, ACCEPT),
    loop('raw, three headers', raw, [...ACCEPT, ...OWN_TRACE, ...OWN_ID]),
    loop('mesh, writes no header', mesh.dispatcher, [...ACCEPT, ...OWN_TRACE, ...OWN_ID]),
    loop('mesh, writes traceparent and x-request-id', mesh.dispatcher, ACCEPT),
    loop('mesh, writes a deadline too', mesh.dispatcher, ACCEPT, deadline),
    loop('mesh, writes two headers, 1 % traced', traced.dispatcher, ACCEPT),
  ];
  const measured = await alternate(variants, rounds, count);
  await Promise.all([mesh.close(), traced.close()]);
  const [one, three, none, two, , sampled] = measured as [Measured, Measured, Measured, Measured, Measured, Measured];
  const noHeaderNs = none.floorNs - three.floorNs;
  return {
    rawNs: one.floorNs,
    noHeaderNs,
    perHeaderNs: (two.floorNs - one.floorNs - noHeaderNs) / 2,
    tracedNs: sampled.floorNs - one.floorNs,
    measured,
  };
}

function loop(name: string, dispatcher: Dispatches, headers: readonly string[], context?: RequestContext): Variant {
  const dispatch = (count: number): void => {
    for (let i = 0; i < count; i++) {
      dispatcher.dispatch(
        { origin: ORIGIN, path: '/reviews/0', method: 'GET', headers: headers as string[] },
        new PlainHandler(),
      );
    }
  };
  return { name, run: (count) => (context ? runInContext(context, () => dispatch(count)) : dispatch(count)) };
}
