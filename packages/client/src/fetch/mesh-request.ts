import type { request as undiciRequest } from 'undici';
import type { MeshDispatcher } from '../mesh-dispatcher.ts';
import { request } from '../undici.ts';

/** `undici.request` with the mesh as its dispatcher. */
export function meshRequest(dispatcher: MeshDispatcher): typeof undiciRequest {
  const through = (url: Parameters<typeof undiciRequest>[0], options?: Parameters<typeof undiciRequest>[1]): unknown =>
    request(url, { ...options, dispatcher } as never);
  return through as typeof undiciRequest;
}
