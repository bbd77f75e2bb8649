import { requestBody, type RequestBody } from '@lateen/resilience';

/** Bodies that undici reads anew each time: they can be sent again as they are. */
function rereadable(source: object): RequestBody {
  return { length: undefined, replayable: true, open: () => source as never };
}

/**
 * The body of a dispatch as something that perhaps can be sent twice.
 *
 * @param mayReplay false: no retry is possible, so nothing is recorded
 * @param heldBytes the most that is sent a second time; undefined: all that is in memory anyway, and so much of a stream as is recorded
 */
export function bodyOf(source: unknown, mayReplay: boolean, heldBytes?: number): RequestBody {
  if (source === null || source === undefined) return requestBody(null);
  if (typeof source === 'string' || source instanceof Uint8Array) return requestBody(source, heldBytes, heldBytes);
  if (source instanceof ArrayBuffer) return requestBody(new Uint8Array(source), heldBytes, heldBytes);
  if (ArrayBuffer.isView(source)) {
    return requestBody(new Uint8Array(source.buffer, source.byteOffset, source.byteLength), heldBytes, heldBytes);
  }
  if (source instanceof Blob || (source as object).constructor?.name === 'FormData') return rereadable(source as object);
  if (!mayReplay) return { length: undefined, replayable: false, open: () => source as never };
  return requestBody(source as AsyncIterable<Uint8Array>, heldBytes);
}

/** A body whose length is not told: what is in memory becomes one chunk. */
export function inChunks(body: ReturnType<RequestBody['open']>): ReturnType<RequestBody['open']> | readonly Uint8Array[] {
  if (typeof body === 'string') return [Buffer.from(body)];
  return body instanceof Uint8Array ? [body] : body;
}

/** Lets go of a stream that nobody will read any more. */
export function abandonBody(source: unknown, reason: Error): void {
  const stream = source as { destroy?: (error: Error) => void; on?: (event: string, listener: () => void) => void } | null;
  if (typeof stream?.destroy !== 'function') return;
  stream.on?.('error', () => {});
  stream.destroy(reason);
}
