import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { FetchBridge, type ReplayableSource } from './bridge.ts';

type Fetch = typeof globalThis.fetch;

/** The runtime's fetch through the mesh. A body that is text, bytes or form parameters can be sent again when a try fails. */
export function meshFetch(dispatcher: MeshDispatcher): Fetch {
  const shared = new FetchBridge(dispatcher, undefined);
  const through = (input: Parameters<Fetch>[0], init?: Parameters<Fetch>[1]): Promise<Response> => {
    const source = replayableSource(init?.body);
    const bridge = source === undefined ? shared : new FetchBridge(dispatcher, source);
    return globalThis.fetch(input, { ...init, dispatcher: bridge } as never);
  };
  return through as Fetch;
}

/** Bytes are copied, as fetch does: the caller may go on writing into them. */
function replayableSource(body: RequestInit['body']): ReplayableSource | undefined {
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (body instanceof ArrayBuffer) return new Uint8Array(body).slice();
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength).slice();
  return undefined;
}
