import { Duplex } from 'node:stream';
import { type Random, seededRandom, systemClock } from '@lateen/core';
import { ClientSession, PREFACE, ServerSession } from '../../src/index.ts';
import { block, frame, GET, POST, setting, uint32 } from '../support/frames.ts';

export type Role = 'server' | 'client';

export interface FuzzFigures {
  readonly frames: number;
  readonly connections: number;
  /** Requests served, or answers taken, in spite of all. */
  readonly served: number;
  /** The most bytes that lay in one connection. */
  readonly mostBytes: number;
}

const FIELDS = [
  block([':status', '200']),
  block([':status', '103'], ['link', '</a>']),
  block([':status', '200'], ['content-length', '5'], ['x-a', 'b']),
  GET,
  POST,
  Buffer.concat([POST, block(['content-length', '10'], ['te', 'trailers'], ['expect', '100-continue'])]),
  block(['x-trailer', 'value']),
  Buffer.from('828684418cf1e3c2e5f23a6ba0ab90f4ff', 'hex'),
  Buffer.from('88be400178017940016101623f00', 'hex'),
  Buffer.from('3fe11f82', 'hex'),
];

class Socket extends Duplex {
  override _read(): void {}

  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

/** Makes frames that are nearly right, and breaks some of them. */
class Frames {
  readonly #random: Random;
  #next = 1;

  constructor(random: Random) {
    this.#random = random;
  }

  take(): Buffer {
    const made = this.#make();
    if (this.#random.int(12) > 0) return made;
    for (let flips = this.#random.int(3) + 1; flips > 0; flips--) {
      // The length stays, for the most part: else nothing behind it would be read as frames.
      const at =
        this.#random.int(10) === 0 ? this.#random.int(made.length) : Math.min(made.length - 1, 3 + this.#random.int(made.length));
      made[at] = this.#random.int(256);
    }
    return made;
  }

  #make(): Buffer {
    const random = this.#random;
    const id = random.int(6) === 0 ? random.int(20) : this.#next;
    switch (random.int(14)) {
      case 0:
      case 1:
        return frame(1, random.int(4) === 0 ? random.int(256) : 5, this.#open(), this.#fields());
      case 2:
        return frame(1, 4, this.#open(), this.#fields());
      case 3:
      case 4:
      case 5:
        return frame(0, random.int(3) === 0 ? 1 : random.int(2) * 8, id, Buffer.alloc(random.int(300), random.int(60)));
      case 6:
        return frame(3, 0, id, uint32(random.int(16)));
      case 7:
        return frame(
          4,
          random.int(8) === 0 ? 1 : 0,
          0,
          random.int(3) === 0 ? setting([random.int(12), random.int(100_000)]) : Buffer.alloc(0),
        );
      case 8:
        return frame(6, random.int(2), 0, Buffer.alloc(8, random.int(256)));
      case 9:
        return frame(8, 0, random.int(2) * id, uint32(random.int(70_000)));
      case 10:
        return frame(9, random.int(2) * 4, id, this.#fields());
      case 11:
        return frame(2, 0, id, Buffer.alloc(5, random.int(4)));
      case 12:
        return random.int(50) === 0
          ? frame(7, 0, 0, uint32(random.int(100), random.int(14)))
          : frame(16, 0, 0, Buffer.concat([uint32(id), Buffer.from('u=1,i')]));
      default:
        return frame(random.int(256), random.int(256), id, Buffer.alloc(random.int(40), random.int(256)));
    }
  }

  #open(): number {
    if (this.#random.int(3) > 0) this.#next += 2;
    return this.#next;
  }

  #fields(): Buffer {
    return FIELDS[this.#random.int(FIELDS.length)] as Buffer;
  }
}

/**
 * Sends about `count` frames, nearly right, broken, cut at any byte, to session after session of a role. Rejects when an exception leaves a session, when one
 * holds streams or bytes after its end, or more memory than its limits allow.
 */
export async function fuzz(role: Role, seed: number, count: number): Promise<FuzzFigures> {
  const random = seededRandom(seed);
  let frames = 0;
  let connections = 0;
  let served = 0;
  let mostBytes = 0;
  while (frames < count) {
    connections++;
    const socket = new Socket();
    const session = role === 'server' ? serverOn(socket, random, () => served++) : clientOn(socket, () => served++);
    const source = new Frames(random);
    const greeting = random.int(40) === 0 ? Buffer.alloc(0) : frame(4, 0, 0);
    if (role === 'server') socket.emit('data', PREFACE);
    socket.emit('data', greeting);
    for (let sent = 0; sent < 400 && !session.closed; sent += 8) {
      const burst = Buffer.concat(Array.from({ length: 8 }, () => source.take()));
      frames += 8;
      for (let at = 0; at < burst.length; ) {
        const next = Math.min(burst.length, at + 1 + random.int(400));
        socket.emit('data', burst.subarray(at, next));
        at = next;
      }
      mostBytes = Math.max(mostBytes, session.incoming.buffered + session.writer.backlog);
      await undefined; // the flush
    }
    await new Promise(setImmediate);
    socket.destroy();
    await new Promise(setImmediate);
    if (!session.closed || session.streams.size > 0) throw new Error(`seed ${seed}: a session holds on to streams after its end`);
  }
  return { frames, connections, served, mostBytes };
}

function serverOn(socket: Duplex, random: Random, onServed: () => void): ServerSession {
  return new ServerSession(socket, {
    clock: systemClock,
    onRequest(request, response) {
      onServed();
      request.on('error', () => {});
      response.on('error', () => {});
      switch (random.int(5)) {
        case 0:
          return void response.end('now');
        case 1:
          return void request.pipe(response);
        case 2:
          return void request.resume().on('end', () => response.end(Buffer.alloc(5000)));
        case 3:
          response.write('part');
          return void setImmediate(() => response.end('rest'));
        default:
          return void response.destroy();
      }
    },
  });
}

function clientOn(socket: Duplex, onServed: () => void): ClientSession {
  const session = new ClientSession(socket, { clock: systemClock, authority: 'peer' });
  const handler = { onResponseEnd: onServed, onResponseError() {} };
  for (let at = 0; at < 60; at++) {
    session.dispatch(
      { path: '/', method: at % 2 === 0 ? 'GET' : 'POST', body: at % 2 === 0 ? null : 'x'.repeat(at * 10) },
      handler,
    );
  }
  return session;
}
