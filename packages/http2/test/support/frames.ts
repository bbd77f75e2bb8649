import { type Duplex, duplexPair } from 'node:stream';
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { FieldList } from '../../src/hpack/field-list.ts';

export const TYPES = [
  'DATA',
  'HEADERS',
  'PRIORITY',
  'RST_STREAM',
  'SETTINGS',
  'PUSH_PROMISE',
  'PING',
  'GOAWAY',
  'WINDOW_UPDATE',
  'CONTINUATION',
];
export const DATA = 0;
export const HEADERS = 1;
export const PRIORITY = 2;
export const RST_STREAM = 3;
export const SETTINGS = 4;
export const PUSH_PROMISE = 5;
export const PING = 6;
export const GOAWAY = 7;
export const WINDOW_UPDATE = 8;
export const CONTINUATION = 9;
export const END_STREAM = 1;
export const ACK = 1;
export const END_HEADERS = 4;
export const PADDED = 8;
export const WITH_PRIORITY = 0x20;
export const END = END_STREAM | END_HEADERS;
export const NOTHING = Buffer.alloc(0);

export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly id: number;
  readonly payload: Buffer;
}

export function frame(type: number, flags: number, id: number, payload: Uint8Array = NOTHING, length = payload.length): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => bytes.writeUInt32BE(value, at * 4));
  return bytes;
}

export function setting(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const bytes = Buffer.alloc(pairs.length * 6);
  pairs.forEach(([id, value], at) => {
    bytes.writeUInt16BE(id, at * 6);
    bytes.writeUInt32BE(value, at * 6 + 2);
  });
  return bytes;
}

/** Literals without indexing: any peer reads them, whatever was sent before. */
export function block(...fields: readonly (readonly [name: string, value: string])[]): Buffer {
  return Buffer.concat(fields.map(([name, value]) => Buffer.concat([Buffer.from([0]), text(name), text(value)])));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length: number[] = [127];
  let rest = bytes.length - 127;
  for (; rest >= 128; rest >>>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

export const GET = block([':method', 'GET'], [':scheme', 'http'], [':path', '/'], [':authority', 'reviews:9080']);
export const POST = block([':method', 'POST'], [':scheme', 'http'], [':path', '/'], [':authority', 'reviews:9080']);

/** The far end of a connection, which does as it is told: it reads frames and sends bytes. */
export class RawPeer {
  readonly socket: Duplex;
  readonly frames: Frame[] = [];
  /** The connection was closed by the other side. */
  ended = false;
  readonly #decoder = new HpackDecoder();
  #rest: Buffer = NOTHING;
  #wake: (() => void)[] = [];

  /** @param skip bytes before the first frame: a client's preface. */
  constructor(socket: Duplex, skip = 0) {
    this.socket = socket;
    let toSkip = skip;
    socket.on('data', (chunk: Buffer) => {
      const from = Math.min(toSkip, chunk.length);
      toSkip -= from;
      this.#read(chunk.subarray(from));
    });
    const over = (): void => {
      this.ended = true;
      this.#notify();
    };
    socket.on('end', over).on('close', over).on('error', over);
  }

  send(...frames: Buffer[]): void {
    this.socket.write(Buffer.concat(frames));
  }

  /** The first frame, received already or within a second, that fits. */
  async until(fits: (frame: Frame) => boolean, what = 'a frame'): Promise<Frame> {
    const endsAt = Date.now() + 1000;
    for (;;) {
      const found = this.frames.find(fits);
      if (found) return found;
      if (this.ended || Date.now() > endsAt) throw new Error(`${what} did not come; ${this.#told()}`);
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        setTimeout(resolve, 200).unref();
      });
    }
  }

  async untilEnded(): Promise<void> {
    for (let turns = 0; !this.ended && turns < 200; turns++) await new Promise((resolve) => setTimeout(resolve, 5));
    if (!this.ended) throw new Error(`the connection stayed open; ${this.#told()}`);
  }

  count(type: number): number {
    return this.frames.filter((frame) => frame.type === type).length;
  }

  /** Fields of a HEADERS frame; each block once and in order, since tables move. */
  fields({ payload }: Frame): Record<string, string> {
    const list = new FieldList(1_000_000, 10_000);
    this.#decoder.decode(payload, 0, payload.length, list);
    return Object.fromEntries(list.fields.slice(0, list.length).map(({ name, value }) => [name, value]));
  }

  #read(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    while (this.#rest.length >= 9) {
      const length = this.#rest.readUIntBE(0, 3);
      if (this.#rest.length < 9 + length) break;
      const [type, flags] = [this.#rest[3] as number, this.#rest[4] as number];
      this.frames.push({ type, flags, id: this.#rest.readUInt32BE(5), payload: this.#rest.subarray(9, 9 + length) });
      this.#rest = this.#rest.subarray(9 + length);
    }
    this.#notify();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  #told(): string {
    const told = this.frames.map(
      ({ type, flags, id, payload }) => `${TYPES[type] ?? type} ${flags} ${id} ${payload.toString('hex').slice(0, 40)}`,
    );
    return `${this.ended ? 'ended' : 'open'}, received: ${told.join(' | ')}`;
  }
}

export function pair(): [Duplex, Duplex] {
  return duplexPair();
}

/** One turn of the loop for everything that is ready. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
