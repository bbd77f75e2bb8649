import assert from 'node:assert/strict';
import { fakeClock } from '@lateen/core/testing';
import { errorCodeName, type Http2Error, PREFACE } from '../src/index.ts';
import { clientUnderTest } from './support/client-under-test.ts';
import {
  ACK,
  block,
  CONTINUATION,
  DATA,
  END,
  END_HEADERS,
  END_STREAM,
  frame,
  GET,
  GOAWAY,
  HEADERS,
  PING,
  POST,
  PRIORITY,
  RST_STREAM,
  setting,
  SETTINGS,
  turn,
  uint32,
  WINDOW_UPDATE,
} from './support/frames.ts';
import { type ServerUnderTest, serverUnderTest } from './support/server-under-test.ts';

/** Floods the server: `attack(n)` makes the n-th round. Returns after how many rounds the connection ended, and its code. */
async function flood(
  server: ServerUnderTest,
  rounds: number,
  attack: (round: number) => Buffer,
): Promise<[rounds: number, code: string]> {
  const { peer, session } = server;
  await peer.until(({ type }) => type === SETTINGS);
  for (let round = 1; round <= rounds; round++) {
    peer.send(attack(round));
    if (round % 20 === 0) await turn();
    if (session.closed) break;
  }
  const goaway = await peer.until(({ type }) => type === GOAWAY, 'GOAWAY');
  await peer.untilEnded();
  return [countRounds(server), errorCodeName(goaway.payload.readUInt32BE(4))];
}

function countRounds({ violations }: ServerUnderTest): number {
  assert.ok(violations.length > 0);
  return violations.length;
}

const id = (round: number): number => round * 2 - 1;

/** Attack, what is sent each round, and within how many rounds it ends. */
const FLOODS: readonly (readonly [what: string, limit: number, attack: (round: number) => Buffer])[] = [
  [
    'rapid reset: requests given up at once (CVE-2023-44487)',
    1001,
    (round) => Buffer.concat([frame(HEADERS, END, id(round), GET), frame(RST_STREAM, 0, id(round), uint32(8))]),
  ],
  [
    'resets that we are made to send (CVE-2025-8671)',
    1001,
    (round) => Buffer.concat([frame(HEADERS, END_HEADERS, id(round), POST), frame(WINDOW_UPDATE, 0, id(round), uint32(0))]),
  ],
  ['malformed requests', 1001, (round) => frame(HEADERS, END, id(round), block([':method', 'GET']))],
  [
    '0-length headers (CVE-2019-9516)',
    1001,
    (round) =>
      frame(HEADERS, END, id(round), Buffer.concat([GET, block(...Array.from({ length: 20 }, () => ['', ''] as const))])),
  ],
  [
    'requests with too many fields',
    1001,
    (round) => frame(HEADERS, END, id(round), Buffer.concat([GET, Buffer.alloc(300, 0x82)])),
  ],
  ['SETTINGS (CVE-2019-9515)', 101, () => frame(SETTINGS, 0, 0, setting([3, 100]))],
  ['SETTINGS that resize the table', 101, (round) => frame(SETTINGS, 0, 0, setting([1, round % 2 === 0 ? 0 : 4096]))],
  ['PING (CVE-2019-9512)', 201, () => frame(PING, 0, 0, Buffer.alloc(8))],
  ['PRIORITY (resource loop, CVE-2019-9513)', 1001, (round) => frame(PRIORITY, 0, id(round), Buffer.alloc(5))],
  ['PRIORITY_UPDATE', 1001, (round) => frame(16, 0, 0, Buffer.concat([uint32(id(round)), Buffer.from('u=0')]))],
  ['frames of unknown types', 201, () => frame(0xee, 0, 0, Buffer.alloc(30))],
  ['GOAWAY', 101, () => frame(GOAWAY, 0, 0, uint32(0x7fffffff, 0))],
];

describe('ServerSession under attack', () => {
  for (const [what, limit, attack] of FLOODS) {
    it(`ends a flood of ${what} within ${limit} rounds`, async () => {
      // A stream in flight, since a GOAWAY of the peer's would end an idle connection.
      const server = serverUnderTest({ clock: fakeClock(), onRequest: () => {} });
      if (what === 'GOAWAY') server.peer.send(frame(HEADERS, END, 1, GET));
      let sent = 0;
      const [, code] = await flood(server, limit + 50, (round) => {
        if (server.session.error === undefined) sent = round;
        return attack(what === 'GOAWAY' ? round + 1 : round);
      });
      assert.equal(code, 'ENHANCE_YOUR_CALM');
      assert.ok(sent <= limit + 20, `${sent}`);
      assert.equal(server.session.streams.size, 0);
    });
  }

  it('ends a flood of empty DATA within 201 frames (CVE-2019-9518)', async () => {
    const server = serverUnderTest({ clock: fakeClock() });
    server.peer.send(frame(HEADERS, END_HEADERS, 1, POST));
    const [, code] = await flood(server, 260, () => frame(DATA, 0, 1));
    assert.equal(code, 'ENHANCE_YOUR_CALM');
  });

  it('ends a flood of padding without data within 201 frames', async () => {
    const server = serverUnderTest({ clock: fakeClock() });
    server.peer.send(frame(HEADERS, END_HEADERS, 1, POST));
    const [, code] = await flood(server, 260, () => frame(DATA, 8, 1, Buffer.from([3, 0, 0, 0])));
    assert.equal(code, 'ENHANCE_YOUR_CALM');
  });

  it('ends a CONTINUATION flood within 17 frames (CVE-2024-27316)', async () => {
    const server = serverUnderTest();
    server.peer.send(frame(HEADERS, END_STREAM, 1, GET));
    const [, code] = await flood(server, 40, () => frame(CONTINUATION, 0, 1, Buffer.alloc(0)));
    assert.equal(code, 'ENHANCE_YOUR_CALM');
  });

  it('ends a block of large CONTINUATION frames within 80 KiB', async () => {
    const server = serverUnderTest();
    server.peer.send(frame(HEADERS, END_STREAM, 1, GET));
    const [, code] = await flood(server, 6, () => frame(CONTINUATION, 0, 1, Buffer.alloc(16_384, 0x82)));
    assert.equal(code, 'ENHANCE_YOUR_CALM');
  });

  it('answers an HPACK bomb with 431, and keeps none of it (CVE-2016-6581)', async () => {
    const server = serverUnderTest();
    const field = Buffer.concat([Buffer.from([0x40, 1, 0x78, 0x7f, 0xa1, 0x1e]), Buffer.alloc(4000, 'y')]);
    server.peer.send(frame(HEADERS, END, 1, Buffer.concat([GET, field])));
    for (let at = 2; at <= 30; at++)
      server.peer.send(frame(HEADERS, END, id(at), Buffer.concat([GET, Buffer.alloc(16_000, 0xbe)])));
    const head = await server.peer.until((frame) => frame.type === HEADERS && frame.id === id(30));
    assert.equal(head.id, 59);
    assert.ok(server.session.fields.fields.length <= 256);
    assert.equal(server.requests.length, 1);
  });

  it('refuses more concurrent streams than it allows, and serves those within', async () => {
    const server = serverUnderTest({ limits: { maxConcurrentStreams: 10 } });
    server.peer.send(...Array.from({ length: 40 }, (_, at) => frame(HEADERS, END_HEADERS, id(at + 1), POST)));
    await server.peer.until((frame) => frame.type === RST_STREAM && frame.id === id(40));
    assert.deepEqual([server.session.streams.size, server.requests.length, server.peer.count(RST_STREAM)], [10, 10, 30]);
    server.peer.send(...Array.from({ length: 10 }, (_, at) => frame(DATA, END_STREAM, id(at + 1))));
    await server.peer.until((frame) => frame.type === DATA && frame.id === id(10));
  });

  it('cuts a peer that asks for answers and does not read them', async () => {
    const server = serverUnderTest({
      clock: fakeClock(),
      limits: { pings: { burst: 1e9, perSecond: 0 }, maxUnreadBytes: 200_000 },
    });
    await server.peer.until(({ type, flags }) => type === SETTINGS && flags === ACK);
    server.peer.socket.pause();
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => frame(PING, 0, 0, Buffer.alloc(8))));
    let rounds = 0;
    for (; rounds < 100 && !server.session.closed; rounds++) {
      server.peer.send(pings);
      await turn();
    }
    assert.equal(server.session.closed, true);
    // 17 bytes an answer, of which the socket itself takes some.
    assert.ok(rounds <= 25, `${rounds}`);
  });

  it('keeps little of large responses that a peer with open windows does not read (CVE-2019-9517)', async () => {
    let written = 0;
    const server = serverUnderTest({
      greets: false,
      onRequest: (_request, response) => {
        const more = (): void => {
          while (written < 50e6 && response.write(Buffer.alloc(16_384))) written += 16_384;
          response.once('drain', more);
        };
        more();
      },
    });
    server.peer.send(
      PREFACE,
      frame(SETTINGS, 0, 0, setting([4, 0x7fffffff])),
      frame(WINDOW_UPDATE, 0, 0, uint32(0x7fff0000 - 65_535)),
    );
    server.peer.socket.pause();
    server.peer.send(...Array.from({ length: 20 }, (_, at) => frame(HEADERS, END, id(at + 1), GET)));
    for (let turns = 0; turns < 50; turns++) await turn();
    // The socket's backlog, and a high-water mark a stream.
    assert.ok(written < 262_144 * 2 + 20 * 2 * 65_536, `${written}`);
  });

  it('resets streams whose window stays closed (CVE-2019-9511), and serves others meanwhile', async () => {
    const clock = fakeClock();
    const server = serverUnderTest({
      greets: false,
      clock,
      onRequest: (_request, response) => void response.end('x'.repeat(100)),
    });
    server.peer.send(PREFACE, frame(SETTINGS, 0, 0, setting([4, 10])), frame(HEADERS, END, 1, GET));
    await server.peer.until(({ type }) => type === DATA);
    await clock.advanceAsync(30_000);
    server.peer.send(frame(HEADERS, END, 3, GET), frame(WINDOW_UPDATE, 0, 3, uint32(1000)));
    await server.peer.until((frame) => frame.type === DATA && frame.id === 3 && frame.flags === END_STREAM);
    assert.equal(server.peer.count(RST_STREAM), 0);
    await clock.advanceAsync(31_000);
    const reset = await server.peer.until(({ type }) => type === RST_STREAM);
    assert.deepEqual([reset.id, errorCodeName(reset.payload.readUInt32BE(0))], [1, 'CANCEL']);
  });

  it('lets a slow reader be that makes progress', async () => {
    const clock = fakeClock();
    const server = serverUnderTest({
      greets: false,
      clock,
      onRequest: (_request, response) => void response.end('x'.repeat(10)),
    });
    server.peer.send(PREFACE, frame(SETTINGS, 0, 0, setting([4, 1])), frame(HEADERS, END, 1, GET));
    for (let byte = 1; byte < 10; byte++) {
      await server.peer.until(() => server.peer.count(DATA) === byte);
      await clock.advanceAsync(40_000);
      server.peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(1)));
    }
    await server.peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
  });

  it('ends a connection that sends no SETTINGS in time', async () => {
    const clock = fakeClock();
    const { peer } = serverUnderTest({ greets: false, clock });
    await turn();
    await clock.advanceAsync(10_500);
    const goaway = await peer.until(({ type }) => type === GOAWAY);
    assert.equal(errorCodeName(goaway.payload.readUInt32BE(4)), 'SETTINGS_TIMEOUT');
    await clock.advanceAsync(1000);
    await peer.untilEnded();
  });

  it('ends a connection whose field block does not end in time', async () => {
    const clock = fakeClock();
    const { peer } = serverUnderTest({ clock });
    peer.send(frame(HEADERS, END_STREAM, 1, GET));
    await turn();
    await clock.advanceAsync(12_000);
    await peer.until(({ type }) => type === GOAWAY);
  });

  it('ends an idle connection in time, and none with a request in flight', async () => {
    const clock = fakeClock();
    const { peer, session } = serverUnderTest({ clock, limits: { idleTimeoutMs: 5000 }, onRequest: () => {} });
    peer.send(frame(HEADERS, END, 1, GET));
    await turn();
    await turn();
    await clock.advanceAsync(20_000);
    assert.equal(session.closed, false);
    peer.send(frame(RST_STREAM, 0, 1, uint32(8)));
    await turn();
    await clock.advanceAsync(6000);
    const goaway = await peer.until(({ type }) => type === GOAWAY);
    assert.equal(errorCodeName(goaway.payload.readUInt32BE(4)), 'NO_ERROR');
  });

  it('runs no timer for an idle connection that may stay', async () => {
    const clock = fakeClock();
    const { peer } = serverUnderTest({ clock });
    peer.send(frame(HEADERS, END, 1, GET));
    await peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
    await clock.advanceAsync(2000);
    assert.equal(clock.pending, 0);
  });

  it('loses no request of an honest client on another connection', async () => {
    const honest = serverUnderTest();
    const hostile = serverUnderTest();
    for (let round = 1; round <= 1100; round++) {
      hostile.peer.send(frame(HEADERS, END, id(round), GET), frame(RST_STREAM, 0, id(round), uint32(8)));
      if (round % 11 === 0) {
        honest.peer.send(frame(HEADERS, END, id(round / 11), GET));
        await turn();
      }
    }
    await honest.peer.until((frame) => frame.type === DATA && frame.id === id(100));
    assert.equal(honest.peer.frames.filter(({ type, flags }) => type === DATA && flags === END_STREAM).length, 100);
    await hostile.peer.untilEnded();
  });
});

describe('ClientSession with a server that fails it', () => {
  it('finds a dead connection by PING while a request is in flight', async () => {
    const clock = fakeClock();
    const { peer, request, session } = clientUnderTest({ clock });
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    await clock.advanceAsync(1000);
    await peer.until(({ type, flags }) => type === PING && flags === 0);
    await clock.advanceAsync(1000);
    await heard.settled;
    assert.deepEqual([heard.error?.code, heard.error?.processed, session.closed], ['HTTP2_CONNECTION_LOST', 'unknown', true]);
  });

  it('lets a server be that answers PING, however long its answer takes', async () => {
    const clock = fakeClock();
    const { peer, request } = clientUnderTest({ clock });
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    for (let ping = 1; ping <= 20; ping++) {
      await clock.advanceAsync(1000);
      const own = peer.frames.filter(({ type, flags }) => type === PING && flags === 0);
      for (const { payload } of own.slice(-1)) peer.send(frame(PING, ACK, 0, payload));
      await turn();
      await turn();
    }
    peer.send(frame(HEADERS, END, 1, block([':status', '200'])));
    await heard.settled;
    assert.equal(heard.told.at(-1), 'end');
  });

  it('keeps the time limits of a request', async () => {
    const clock = fakeClock();
    const { peer, request } = clientUnderTest({ clock });
    const noHead = request({ headersTimeout: 300 });
    const noBody = request({ headersTimeout: 300, bodyTimeout: 300 });
    await peer.until(({ id }) => id === 3);
    peer.send(frame(HEADERS, END_HEADERS, 3, block([':status', '200'])));
    await turn();
    await turn();
    await clock.advanceAsync(350);
    await Promise.all([noHead.settled, noBody.settled]);
    const facts = (error: unknown): unknown[] => [(error as Http2Error).code, (error as Http2Error).processed];
    assert.deepEqual(
      [facts(noHead.error), facts(noBody.error)],
      [
        ['HTTP2_TIMEOUT', 'unknown'],
        ['HTTP2_TIMEOUT', 'yes'],
      ],
    );
    assert.equal(peer.count(RST_STREAM), 2);
  });

  for (const [what, limit, attack] of [
    ['SETTINGS', 101, (): Buffer => frame(SETTINGS, 0, 0)],
    ['PING', 201, (): Buffer => frame(PING, 0, 0, Buffer.alloc(8))],
    ['empty DATA', 201, (): Buffer => frame(DATA, 0, 1)],
    ['informational heads', 101, (): Buffer => frame(HEADERS, END_HEADERS, 1, block([':status', '103']))],
  ] as const) {
    it(`ends a flood of ${what} within ${limit} frames`, async () => {
      const { peer, request, session } = clientUnderTest({ clock: fakeClock() });
      const heard = request();
      await peer.until(({ type }) => type === HEADERS);
      if (what === 'empty DATA') peer.send(frame(HEADERS, END_HEADERS, 1, block([':status', '200'])));
      for (let sent = 0; sent < limit + 5 && !session.closed; sent++) peer.send(attack());
      await heard.settled;
      assert.equal(heard.error?.code, 'HTTP2_ENHANCE_YOUR_CALM');
    });
  }
});
