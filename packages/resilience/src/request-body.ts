import type { Readable } from 'node:stream';

export type RequestBodySource =
  | string
  | Uint8Array
  | Readable
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>
  | null
  | undefined;

/** What of a stream is kept for another try. */
export const RECORDED_BYTES = 64 * 1024;

/**
 * A request's body and whether it can be sent again: nothing, text and bytes always; a stream as long as all of it that has been sent
 * fits into what was recorded on the way.
 */
export interface RequestBody {
  /** Undefined when only the source knows. */
  readonly length: number | undefined;
  /** Whether {@link open} gives the whole body once more, after a first time. */
  readonly replayable: boolean;
  /** The body for the next try, in the shape undici takes. @throws when a stream is not {@link replayable} any more. */
  open(): string | Uint8Array | AsyncIterable<Uint8Array> | null;
}

const NO_BODY: RequestBody = { length: 0, replayable: true, open: () => null };

/**
 * @param recordedBytes how much of a stream is kept
 * @param heldBytes how large text and bytes may be to be sent again; they are in memory anyway, so that there is no bound unless somebody wants one
 */
export function requestBody(
  source: RequestBodySource,
  recordedBytes: number = RECORDED_BYTES,
  heldBytes: number = Number.POSITIVE_INFINITY,
): RequestBody {
  if (source === null || source === undefined) return NO_BODY;
  if (typeof source === 'string') return heldBody(source, Buffer.byteLength(source), heldBytes);
  if (source instanceof Uint8Array) return heldBody(source, source.byteLength, heldBytes);
  return new StreamedBody(source, recordedBytes);
}

function heldBody(source: string | Uint8Array, length: number, heldBytes: number): RequestBody {
  return { length, replayable: length <= heldBytes, open: () => source };
}

type Chunks = AsyncIterator<Uint8Array | string> | Iterator<Uint8Array | string>;

/** Hands chunks through and keeps the first ones; a later try gets the kept ones first, then goes on with the source. */
class StreamedBody implements RequestBody {
  readonly length = undefined;
  readonly #source: Exclude<RequestBodySource, string | Uint8Array | null | undefined>;
  readonly #limit: number;
  #chunks: Chunks | undefined;
  #kept: Uint8Array[] | undefined = [];
  #keptBytes = 0;
  #pending: Promise<Uint8Array | undefined> | undefined;
  /** Tries are numbered: one that was given up must not take a chunk from its successor. */
  #reader = 0;

  constructor(source: Exclude<RequestBodySource, string | Uint8Array | null | undefined>, limit: number) {
    this.#source = source;
    this.#limit = limit;
  }

  get replayable(): boolean {
    return this.#kept !== undefined;
  }

  open(): AsyncIterable<Uint8Array> {
    if (!this.#kept) throw new Error(`more than ${this.#limit} bytes of the body have been sent; it cannot be sent again`);
    return this.#read(++this.#reader);
  }

  async *#read(reader: number): AsyncGenerator<Uint8Array> {
    const kept = this.#kept ?? [];
    let position = 0;
    while (reader === this.#reader) {
      if (position < kept.length) {
        yield kept[position++] as Uint8Array;
        continue;
      }
      const chunk = await (this.#pending ??= this.#pull());
      if (chunk === undefined) return;
      if (position === kept.length && reader === this.#reader) yield chunk;
    }
  }

  /** The source's next chunk. An earlier try that still waits for it shares the promise, so that no chunk gets lost between two. */
  async #pull(): Promise<Uint8Array | undefined> {
    this.#chunks ??= iteratorOf(this.#source);
    const { done, value } = await this.#chunks.next();
    if (done) return undefined; // `#pending` stays: whoever asks again hears the same
    const bytes = typeof value === 'string' ? Buffer.from(value) : value;
    this.#keep(bytes);
    this.#pending = undefined;
    return bytes;
  }

  /** The chunk that passes the limit is still kept for a try that has begun, and is the last. */
  #keep(bytes: Uint8Array): void {
    if (!this.#kept) return;
    this.#kept.push(bytes);
    this.#keptBytes += bytes.byteLength;
    if (this.#keptBytes > this.#limit) this.#kept = undefined;
  }
}

function iteratorOf(source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>): Chunks {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return source[Symbol.iterator]();
}
