import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { errorCodeName } from '../src/index.ts';
import { type ClientUnderTest, clientUnderTest, type Heard } from './support/client-under-test.ts';
import {
  ACK,
  block,
  CONTINUATION,
  DATA,
  END,
  END_HEADERS,
  END_STREAM,
  frame,
  GOAWAY,
  HEADERS,
  NOTHING,
  PADDED,
  PING,
  PRIORITY,
  PUSH_PROMISE,
  RST_STREAM,
  setting,
  SETTINGS,
  turn,
  uint32,
  WINDOW_UPDATE,
  WITH_PRIORITY,
} from './support/frames.ts';

interface Expected {
  /** GOAWAY with that code, and the request fails. */
  readonly goaway?: string;
  /** RST_STREAM with that code, and the request fails; the connection goes on. */
  readonly reset?: string;
  readonly processed?: string;
  readonly code?: string;
  /** What the handler hears, and the body. */
  readonly heard?: readonly string[];
  readonly body?: string;
  readonly trailers?: Record<string, string>;
  readonly headers?: Record<string, unknown>;
}

/** Sections are RFC 9113's unless they say otherwise. The request is a GET on stream 1. */
type Case = readonly [section: string, what: string, send: readonly Buffer[], expected: Expected];

const connection = (code: string): Expected => ({ goaway: code });
const stream = (code: string): Expected => ({ reset: code });
const fine = (body = ''): Expected => ({ heard: body === '' ? ['start', '200', 'end'] : ['start', '200', 'data', 'end'], body });
const head = (flags: number, ...pairs: readonly (readonly [string, string])[]): Buffer =>
  frame(HEADERS, flags, 1, block([':status', '200'], ...pairs));
const raw = (flags: number, ...pairs: readonly (readonly [string, string])[]): Buffer =>
  frame(HEADERS, flags, 1, block(...pairs));
const data = (bytes: string | number, flags = END_STREAM, id = 1): Buffer =>
  frame(DATA, flags, id, typeof bytes === 'string' ? Buffer.from(bytes) : Buffer.alloc(bytes, 'x'));
const information = (status: string, flags = END_HEADERS): Buffer => raw(flags, [':status', status]);
const OK = head(END_HEADERS);

const CASES: readonly Case[] = [
  ['4.1', 'takes an answer of HEADERS and DATA', [OK, data('hello')], fine('hello')],
  ['4.1', 'takes an answer of HEADERS alone', [head(END)], fine()],
  [
    '4.1',
    'ignores frames of unknown types',
    [frame(0x33, 0xff, 1, Buffer.alloc(50)), OK, frame(0x34, 0, 0), data('a')],
    fine('a'),
  ],
  ['4.1', 'ignores undefined flags', [head(END | 0xc2)], fine()],
  ['4.1', 'ignores the reserved bit of a stream number', [frame(HEADERS, END, 0x80000001, block([':status', '200']))], fine()],
  ['4.2', 'takes DATA of 2^14 bytes', [OK, data(16_384)], fine('x'.repeat(16_384))],
  ['4.2', 'refuses DATA beyond SETTINGS_MAX_FRAME_SIZE', [OK, data(16_385)], connection('FRAME_SIZE_ERROR')],
  [
    '4.2',
    'refuses HEADERS beyond SETTINGS_MAX_FRAME_SIZE',
    [frame(HEADERS, END, 1, Buffer.alloc(16_385))],
    connection('FRAME_SIZE_ERROR'),
  ],
  [
    '4.2',
    'refuses unknown frames beyond SETTINGS_MAX_FRAME_SIZE',
    [frame(0x33, 0, 1, NOTHING, 20_000)],
    connection('FRAME_SIZE_ERROR'),
  ],
  [
    '4.3',
    'refuses a block that can not be decoded',
    [frame(HEADERS, END, 1, Buffer.from([0xff, 0xff, 0xff, 0xff]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    '4.3',
    'refuses trailers that can not be decoded',
    [OK, data('a', 0), frame(HEADERS, END, 1, Buffer.from([0x80]))],
    connection('COMPRESSION_ERROR'),
  ],
  ['4.3', 'refuses DATA inside a block', [head(END_STREAM), data('a')], connection('PROTOCOL_ERROR')],
  ['4.3', 'refuses PING inside a block', [head(END_STREAM), frame(PING, 0, 0, Buffer.alloc(8))], connection('PROTOCOL_ERROR')],
  ['4.3', 'refuses SETTINGS inside a block', [head(END_STREAM), frame(SETTINGS, 0, 0)], connection('PROTOCOL_ERROR')],
  ['4.3', 'refuses an unknown frame inside a block', [head(END_STREAM), frame(0x33, 0, 0)], connection('PROTOCOL_ERROR')],
  [
    '4.3',
    'refuses HEADERS of another stream inside a block',
    [head(END_STREAM), frame(HEADERS, END, 3, block([':status', '200']))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '4.3',
    'takes a block in pieces of one byte',
    [
      frame(HEADERS, END_STREAM, 1),
      ...[...block([':status', '200'])].slice(0, -1).map((byte) => frame(CONTINUATION, 0, 1, Buffer.from([byte]))),
      frame(CONTINUATION, 4, 1, Buffer.from('0')),
    ],
    fine(),
  ],
  ['5.1', 'refuses DATA on an idle stream', [data('a', 0, 9)], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses HEADERS on an idle stream', [frame(HEADERS, END, 9, block([':status', '200']))], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses RST_STREAM on an idle stream', [frame(RST_STREAM, 0, 9, uint32(8))], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses WINDOW_UPDATE on an idle stream', [frame(WINDOW_UPDATE, 0, 9, uint32(8))], connection('PROTOCOL_ERROR')],
  [
    '5.1',
    'refuses HEADERS on a stream that has ended',
    [head(END), head(END)],
    { ...connection('STREAM_CLOSED'), heard: ['start', '200', 'end'] },
  ],
  ['5.1', 'lets RST_STREAM on an ended stream pass', [head(END), frame(RST_STREAM, 0, 1, uint32(0))], fine()],
  ['5.1', 'lets WINDOW_UPDATE on an ended stream pass', [head(END), frame(WINDOW_UPDATE, 0, 1, uint32(1))], fine()],
  ['5.1', 'lets PRIORITY on any stream pass', [frame(PRIORITY, 0, 77, Buffer.alloc(5)), head(END)], fine()],
  [
    '5.1.1',
    'refuses a stream that the server opens',
    [frame(HEADERS, END, 2, block([':status', '200']))],
    connection('PROTOCOL_ERROR'),
  ],
  ['5.1.1', 'refuses DATA on a stream of an even number', [data('a', 0, 2)], connection('PROTOCOL_ERROR')],
  [
    '5.3.1',
    'refuses HEADERS that depends on itself',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.concat([Buffer.from([0, 0, 0, 1, 9]), block([':status', '200'])]))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '5.3.1',
    'refuses PRIORITY that depends on itself',
    [frame(PRIORITY, 0, 1, Buffer.from([0, 0, 0, 1, 9]))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '5.3.2',
    'otherwise ignores the priority in HEADERS',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.concat([Buffer.from([0, 0, 0, 3, 9]), block([':status', '200'])]))],
    fine(),
  ],
  ['6.1', 'takes DATA with padding', [OK, frame(DATA, END_STREAM | PADDED, 1, Buffer.from([3, 97, 98, 0, 0, 0]))], fine('ab')],
  ['6.1', 'takes DATA of nothing but padding', [OK, frame(DATA, PADDED, 1, Buffer.from([3, 0, 0, 0])), data('a')], fine('a')],
  ['6.1', 'takes padding of 0 bytes', [OK, frame(DATA, PADDED | END_STREAM, 1, Buffer.from([0, 97]))], fine('a')],
  ['6.1', 'takes an empty DATA at the end', [OK, data('a', 0), data('')], fine('a')],
  ['6.1', 'refuses DATA on stream 0', [data('a', 0, 0)], connection('PROTOCOL_ERROR')],
  [
    '6.1',
    'refuses padding as long as the payload',
    [OK, frame(DATA, PADDED, 1, Buffer.from([3, 97, 98]))],
    connection('PROTOCOL_ERROR'),
  ],
  ['6.1', 'refuses padded DATA without a pad length', [OK, frame(DATA, PADDED, 1)], connection('FRAME_SIZE_ERROR')],
  [
    '6.2',
    'takes HEADERS with padding',
    [frame(HEADERS, END | PADDED, 1, Buffer.concat([Buffer.from([2]), block([':status', '200']), Buffer.alloc(2)]))],
    fine(),
  ],
  ['6.2', 'refuses HEADERS on stream 0', [frame(HEADERS, END, 0, block([':status', '200']))], connection('PROTOCOL_ERROR')],
  [
    '6.2',
    'refuses padding longer than the block',
    [frame(HEADERS, END | PADDED, 1, Buffer.from([9, 0x88]))],
    connection('PROTOCOL_ERROR'),
  ],
  ['6.2', 'refuses padded HEADERS without a pad length', [frame(HEADERS, END | PADDED, 1)], connection('FRAME_SIZE_ERROR')],
  [
    '6.2',
    'refuses HEADERS too short for its priority',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.alloc(4))],
    connection('FRAME_SIZE_ERROR'),
  ],
  ['6.3', 'refuses PRIORITY on stream 0', [frame(PRIORITY, 0, 0, Buffer.alloc(5))], connection('PROTOCOL_ERROR')],
  ['6.3', 'refuses PRIORITY without 5 bytes', [frame(PRIORITY, 0, 1, Buffer.alloc(6))], stream('FRAME_SIZE_ERROR')],
  ['6.4', 'refuses RST_STREAM on stream 0', [frame(RST_STREAM, 0, 0, uint32(8))], connection('PROTOCOL_ERROR')],
  ['6.4', 'refuses RST_STREAM without 4 bytes', [frame(RST_STREAM, 0, 1, Buffer.alloc(5))], connection('FRAME_SIZE_ERROR')],
  [
    '6.4',
    'tells a reset before the head',
    [frame(RST_STREAM, 0, 1, uint32(2))],
    { heard: ['start', 'error'], code: 'HTTP2_INTERNAL_ERROR', processed: 'unknown' },
  ],
  [
    '6.4',
    'tells a reset behind the head',
    [OK, frame(RST_STREAM, 0, 1, uint32(8))],
    { heard: ['start', '200', 'error'], code: 'HTTP2_CANCEL', processed: 'yes' },
  ],
  [
    '6.4',
    'tells a reset within the body',
    [OK, data('a', 0), frame(RST_STREAM, 0, 1, uint32(8))],
    { heard: ['start', '200', 'data', 'error'], processed: 'yes' },
  ],
  [
    '6.4',
    'tells a reset of an unknown code',
    [frame(RST_STREAM, 0, 1, uint32(0xabcd))],
    { heard: ['start', 'error'], code: 'HTTP2_0xabcd', processed: 'unknown' },
  ],
  [
    '6.4',
    'tells HTTP_1_1_REQUIRED',
    [frame(RST_STREAM, 0, 1, uint32(13))],
    { heard: ['start', 'error'], code: 'HTTP2_HTTP_1_1_REQUIRED' },
  ],
  [
    '6.4',
    'tells a reset without an error before the head',
    [frame(RST_STREAM, 0, 1, uint32(0))],
    { heard: ['start', 'error'], code: 'HTTP2_NO_ERROR' },
  ],
  [
    '8.7',
    'knows that a refused stream was not processed',
    [frame(RST_STREAM, 0, 1, uint32(7))],
    { heard: ['start', 'error'], code: 'HTTP2_REFUSED_STREAM', processed: 'no' },
  ],
  ['6.5', 'refuses SETTINGS on a stream', [frame(SETTINGS, 0, 1)], connection('PROTOCOL_ERROR')],
  ['6.5', 'refuses SETTINGS of a broken length', [frame(SETTINGS, 0, 0, Buffer.alloc(5))], connection('FRAME_SIZE_ERROR')],
  [
    '6.5',
    'refuses an acknowledgement with a payload',
    [frame(SETTINGS, ACK, 0, Buffer.alloc(6))],
    connection('FRAME_SIZE_ERROR'),
  ],
  ['6.5', 'lets an acknowledgement of nothing pass', [frame(SETTINGS, ACK, 0), frame(SETTINGS, ACK, 0), head(END)], fine()],
  ['6.5.2', 'refuses SETTINGS_ENABLE_PUSH of 2', [frame(SETTINGS, 0, 0, setting([2, 2]))], connection('PROTOCOL_ERROR')],
  [
    '6.5.2',
    'refuses an initial window beyond 2^31-1',
    [frame(SETTINGS, 0, 0, setting([4, 0xffffffff]))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  ['6.5.2', 'refuses a frame size below 2^14', [frame(SETTINGS, 0, 0, setting([5, 1]))], connection('PROTOCOL_ERROR')],
  [
    '6.5.2',
    'refuses a frame size beyond 2^24-1',
    [frame(SETTINGS, 0, 0, setting([5, 0xffffffff]))],
    connection('PROTOCOL_ERROR'),
  ],
  ['6.5.2', 'ignores unknown settings', [frame(SETTINGS, 0, 0, setting([0xfff, 77])), head(END)], fine()],
  [
    '6.6',
    'refuses PUSH_PROMISE',
    [frame(PUSH_PROMISE, 4, 1, Buffer.concat([uint32(2), block([':method', 'GET'])]))],
    connection('PROTOCOL_ERROR'),
  ],
  ['6.6', 'refuses PUSH_PROMISE on stream 0', [frame(PUSH_PROMISE, 4, 0, uint32(2))], connection('PROTOCOL_ERROR')],
  ['6.7', 'refuses PING on a stream', [frame(PING, 0, 1, Buffer.alloc(8))], connection('PROTOCOL_ERROR')],
  ['6.7', 'refuses PING without 8 bytes', [frame(PING, 0, 0, Buffer.alloc(9))], connection('FRAME_SIZE_ERROR')],
  ['6.7', 'lets an answer to no PING pass', [frame(PING, ACK, 0, Buffer.alloc(8, 7)), head(END)], fine()],
  ['6.8', 'refuses GOAWAY on a stream', [frame(GOAWAY, 0, 1, uint32(0, 0))], connection('PROTOCOL_ERROR')],
  ['6.8', 'refuses GOAWAY without 8 bytes', [frame(GOAWAY, 0, 0, uint32(1))], connection('FRAME_SIZE_ERROR')],
  [
    '6.8',
    'knows that a stream above the last one was not processed',
    [frame(GOAWAY, 0, 0, uint32(0, 0))],
    { heard: ['start', 'error'], processed: 'no' },
  ],
  [
    '6.8',
    'knows it of a GOAWAY with an error too',
    [frame(GOAWAY, 0, 0, uint32(0, 11))],
    { heard: ['start', 'error'], processed: 'no', code: 'HTTP2_ENHANCE_YOUR_CALM' },
  ],
  ['6.8', 'lets a stream up to the last one finish', [frame(GOAWAY, 0, 0, uint32(1, 0)), OK, data('a')], fine('a')],
  [
    '6.8',
    'lets a stream finish after the first of two GOAWAY',
    [frame(GOAWAY, 0, 0, uint32(0x7fffffff, 0)), frame(GOAWAY, 0, 0, uint32(1, 0)), head(END)],
    fine(),
  ],
  [
    '6.8',
    'knows what the second GOAWAY excludes',
    [frame(GOAWAY, 0, 0, uint32(0x7fffffff, 0)), frame(GOAWAY, 0, 0, uint32(0, 0))],
    { heard: ['start', 'error'], processed: 'no' },
  ],
  ['6.9', 'refuses an increment of 0 on the connection', [frame(WINDOW_UPDATE, 0, 0, uint32(0))], connection('PROTOCOL_ERROR')],
  ['6.9', 'refuses an increment of 0 on a stream', [frame(WINDOW_UPDATE, 0, 1, uint32(0))], stream('PROTOCOL_ERROR')],
  ['6.9', 'refuses WINDOW_UPDATE without 4 bytes', [frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(2))], connection('FRAME_SIZE_ERROR')],
  [
    '6.9.1',
    'refuses a window of the connection beyond 2^31-1',
    [frame(WINDOW_UPDATE, 0, 0, uint32(0x7fffffff))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.1',
    "refuses a stream's window beyond 2^31-1",
    [frame(WINDOW_UPDATE, 0, 1, uint32(0x7fffffff))],
    stream('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.2',
    'refuses SETTINGS that push a window beyond 2^31-1',
    [frame(WINDOW_UPDATE, 0, 1, uint32(0x7fffffff - 65_535)), frame(SETTINGS, 0, 0, setting([4, 65_536]))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION that continues nothing',
    [frame(CONTINUATION, 4, 1, block([':status', '200']))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION behind a complete block',
    [OK, frame(CONTINUATION, 4, 1, block(['a', 'b']))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION of another stream',
    [head(END_STREAM), frame(CONTINUATION, 4, 3, NOTHING)],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '8.1',
    'tells informational heads before the final one',
    [information('103'), information('102'), OK, data('a')],
    { heard: ['start', '103', '102', '200', 'data', 'end'] },
  ],
  ['8.1', 'keeps 100 Continue to itself', [information('100'), head(END)], fine()],
  ['8.1', 'refuses an informational head that ends the stream', [information('103', END)], stream('PROTOCOL_ERROR')],
  ['8.1', 'refuses an informational head behind the final one', [OK, information('103')], stream('PROTOCOL_ERROR')],
  ['8.6', 'refuses 101', [information('101')], stream('PROTOCOL_ERROR')],
  ['8.1', 'refuses DATA before the head', [data('a')], stream('PROTOCOL_ERROR')],
  ['8.1', 'refuses DATA behind an informational head', [information('103'), data('a', 0)], stream('PROTOCOL_ERROR')],
  ['8.1', 'refuses an empty DATA that ends the stream before the head', [data('')], stream('PROTOCOL_ERROR')],
  [
    '8.1',
    'takes trailers',
    [OK, data('a', 0), raw(END, ['x-sum', '1'], ['x-sum', '2'])],
    { heard: ['start', '200', 'data', 'end'], body: 'a' },
  ],
  [
    '8.1',
    'takes trailers without a body',
    [OK, raw(END, ['grpc-status', '0'])],
    { heard: ['start', '200', 'end'], trailers: { 'grpc-status': '0' } },
  ],
  [
    '8.1',
    'refuses trailers that do not end the stream',
    [OK, data('a', 0), raw(END_HEADERS, ['x-sum', '1'])],
    stream('PROTOCOL_ERROR'),
  ],
  ['8.1', 'refuses pseudo-fields in trailers', [OK, raw(END, [':status', '200'])], stream('PROTOCOL_ERROR')],
  ['8.1.1', 'takes a body of its Content-Length', [head(END_HEADERS, ['content-length', '3']), data('abc')], fine('abc')],
  [
    '8.1.1',
    'refuses more than the Content-Length',
    [head(END_HEADERS, ['content-length', '2']), data('abc')],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses less than the Content-Length',
    [head(END_HEADERS, ['content-length', '4']), data('abc')],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses no body where a Content-Length tells of one',
    [head(END, ['content-length', '4'])],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses less than the Content-Length before trailers',
    [head(END_HEADERS, ['content-length', '4']), data('abc', 0), raw(END, ['x-sum', '1'])],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses two different Content-Lengths',
    [head(END, ['content-length', '0'], ['content-length', '1'])],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'takes the same Content-Length twice',
    [head(END_HEADERS, ['content-length', '1'], ['content-length', '1']), data('a')],
    fine('a'),
  ],
  ['8.1.1', 'refuses a Content-Length that is no number', [head(END, ['content-length', '0x0'])], stream('PROTOCOL_ERROR')],
  ['8.1.1', 'refuses a negative Content-Length', [head(END, ['content-length', '-1'])], stream('PROTOCOL_ERROR')],
  ['8.2', 'refuses names in capitals', [head(END, ['X-A', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2', 'refuses names in capitals in trailers', [OK, raw(END, ['X-A', 'b'])], stream('PROTOCOL_ERROR')],
  [
    '8.2',
    'refuses names in capitals in informational heads',
    [raw(END_HEADERS, [':status', '103'], ['Link', 'b'])],
    stream('PROTOCOL_ERROR'),
  ],
  ['8.2.1', 'refuses an empty name', [head(END, ['', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a blank in a name', [head(END, ['a b', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a character beyond ASCII in a name', [head(END, ['aé', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses CR in a value', [head(END, ['a', 'b\rc'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses LF in a value', [head(END, ['a', 'b\nc'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses NUL in a value', [head(END, ['a', '\0'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a value that begins with a blank', [head(END, ['a', ' b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a value that ends with a blank', [head(END, ['a', 'b '])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'takes an empty value', [head(END, ['a', ''])], { ...fine(), headers: { a: '' } }],
  ['8.2.1', 'takes Latin-1 in a value', [head(END, ['a', 'é'])], { ...fine(), headers: { a: 'é' } }],
  ['8.2.2', 'refuses Connection', [head(END, ['connection', 'close'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Keep-Alive', [head(END, ['keep-alive', 'timeout=5'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Proxy-Connection', [head(END, ['proxy-connection', 'close'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Transfer-Encoding', [head(END, ['transfer-encoding', 'chunked'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Upgrade', [head(END, ['upgrade', 'h2c'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Connection in trailers', [OK, raw(END, ['connection', 'close'])], stream('PROTOCOL_ERROR')],
  ['8.3', 'refuses unknown pseudo-fields', [head(END, [':extra', '1'])], stream('PROTOCOL_ERROR')],
  ['8.3', 'refuses pseudo-fields of requests', [head(END, [':path', '/'])], stream('PROTOCOL_ERROR')],
  ['8.3', 'refuses :status behind a field', [raw(END, ['a', 'b'], [':status', '200'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses an answer without :status', [raw(END, ['a', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses an empty block', [frame(HEADERS, END, 1)], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses :status twice', [head(END, [':status', '200'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses a :status of two digits', [raw(END, [':status', '20'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses a :status of four digits', [raw(END, [':status', '2000'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses a :status of letters', [raw(END, [':status', 'abc'])], stream('PROTOCOL_ERROR')],
  ['8.3.2', 'refuses a :status below 100', [raw(END, [':status', '099'])], stream('PROTOCOL_ERROR')],
  ['8.4', 'refuses a pushed answer', [frame(HEADERS, END, 4, block([':status', '200']))], connection('PROTOCOL_ERROR')],
  [
    '10.5.1',
    'refuses a field list beyond its limit',
    [head(END, ...Array.from({ length: 300 }, (_, at) => [`x-${at}`, 'y'] as const))],
    stream('ENHANCE_YOUR_CALM'),
  ],
  [
    'RFC 7541 2.3.3',
    'refuses an index beyond the tables',
    [frame(HEADERS, END, 1, Buffer.from([0x88, 0xfe]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 4.2',
    'refuses a table size update behind a field',
    [frame(HEADERS, END, 1, Buffer.from([0x88, 0x20]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 6.3',
    'refuses a table size beyond its setting',
    [frame(HEADERS, END, 1, Buffer.from([0x3f, 0xe2, 0xff, 0x03, 0x88]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 9110 8.6',
    'takes a Content-Length of 304 as what it would be',
    [raw(END, [':status', '304'], ['content-length', '77'])],
    { heard: ['start', '304', 'end'] },
  ],
  ['RFC 9110 15.3.5', 'refuses a body of 204', [raw(END_HEADERS, [':status', '204']), data('a')], stream('PROTOCOL_ERROR')],
];

async function check({ peer, session }: ClientUnderTest, heard: Heard, expected: Expected): Promise<void> {
  if (expected.goaway) {
    const goaway = await peer.until(({ type }) => type === GOAWAY, 'GOAWAY');
    assert.equal(errorCodeName(goaway.payload.readUInt32BE(4)), expected.goaway, goaway.payload.toString('latin1'));
    await peer.untilEnded();
    await heard.settled;
    if (!expected.heard) assert.equal(heard.error?.code, `HTTP2_${expected.goaway}`);
    assert.equal(session.capacity(), 0);
  } else await heard.settled;
  if (expected.reset) {
    const reset = await peer.until(({ type }) => type === RST_STREAM, 'RST_STREAM');
    assert.equal(errorCodeName(reset.payload.readUInt32BE(0)), expected.reset);
    assert.equal(heard.error?.code, `HTTP2_${expected.reset}`);
    peer.send(frame(PING, 0, 0, Buffer.from('go on...')));
    await peer.until(({ type, flags }) => type === PING && flags === ACK, 'PING');
    assert.equal(session.closed, false);
  }
  if (expected.heard) assert.deepEqual(heard.told, expected.heard, heard.error?.stack);
  if (expected.body !== undefined) assert.equal(heard.body, expected.body);
  if (expected.code) assert.equal(heard.error?.code, expected.code);
  if (expected.processed) assert.equal(heard.error?.processed, expected.processed);
  if (expected.trailers) assert.deepEqual(heard.trailers, expected.trailers);
  if (expected.headers) assert.deepEqual(heard.heads.at(-1)?.headers, expected.headers);
}

describe('ClientSession, conformance', () => {
  for (const [section, what, send, expected] of CASES) {
    it(`${what} (${section.startsWith('RFC') ? section : `RFC 9113 ${section}`})`, async () => {
      const client = clientUnderTest();
      const heard = client.request();
      await client.peer.until(({ type }) => type === HEADERS);
      client.peer.send(...send);
      await check(client, heard, expected);
    });
  }

  it('begins with the preface and SETTINGS (RFC 9113 3.4)', async () => {
    const { peer } = clientUnderTest({ greets: false });
    assert.equal((await peer.until(() => true)).type, SETTINGS);
  });

  it('turns push off (RFC 9113 8.4)', async () => {
    const { peer } = clientUnderTest({ greets: false });
    const { payload } = await peer.until(({ type }) => type === SETTINGS);
    assert.ok(payload.includes(setting([2, 0])));
  });

  it('refuses a first frame that is not SETTINGS (RFC 9113 3.4)', async () => {
    const client = clientUnderTest({ greets: false });
    const heard = client.request();
    client.peer.send(frame(PING, 0, 0, Buffer.alloc(8)));
    await check(client, heard, connection('PROTOCOL_ERROR'));
  });

  it('refuses an answer in HTTP/1.1 (RFC 9113 3.4)', async () => {
    const client = clientUnderTest({ greets: false });
    const heard = client.request();
    client.peer.send(Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
    await heard.settled;
    assert.match(heard.error?.code ?? '', /^HTTP2_(FRAME_SIZE|PROTOCOL)_ERROR$/);
  });

  it('acknowledges SETTINGS (RFC 9113 6.5.3)', async () => {
    const { peer } = clientUnderTest();
    await peer.until(({ type, flags }) => type === SETTINGS && flags === ACK);
  });

  it('answers PING (RFC 9113 6.7)', async () => {
    const { peer } = clientUnderTest();
    peer.send(frame(PING, 0, 0, Buffer.from('abcdefgh')));
    const { payload } = await peer.until(({ type, flags }) => type === PING && flags === ACK);
    assert.equal(payload.toString(), 'abcdefgh');
  });

  it('knows that nothing is known when the connection is lost before the head (RFC 9113 8.7)', async () => {
    const { peer, request, session } = clientUnderTest();
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    session.socket.destroy();
    await heard.settled;
    assert.deepEqual([heard.error?.code, heard.error?.processed], ['HTTP2_CONNECTION_LOST', 'unknown']);
  });

  it('knows that the server has acted when the connection is lost behind the head (RFC 9113 8.7)', async () => {
    const { peer, request, session } = clientUnderTest();
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    peer.send(OK, data('a', 0));
    await turn();
    session.socket.destroy();
    await heard.settled;
    assert.deepEqual([heard.error?.code, heard.error?.processed, heard.body], ['HTTP2_CONNECTION_LOST', 'yes', 'a']);
  });

  it('hands back what waits when the connection is lost (RFC 9113 5.1.2)', async () => {
    const { peer, request, session } = clientUnderTest({ maxConcurrentStreams: 1 });
    const [, waiting] = [request(), request()];
    await peer.until(({ type }) => type === HEADERS);
    session.socket.destroy();
    await waiting.settled;
    assert.deepEqual([waiting.told, waiting.error?.processed], [['error'], 'no']);
  });

  it('hands back what waits on GOAWAY (RFC 9113 6.8)', async () => {
    const { peer, request } = clientUnderTest({ maxConcurrentStreams: 1 });
    const [first, waiting] = [request(), request()];
    peer.send(frame(GOAWAY, 0, 0, uint32(1, 0)));
    await waiting.settled;
    assert.equal(waiting.error?.processed, 'no');
    peer.send(head(END));
    await first.settled;
    assert.deepEqual(first.told, ['start', '200', 'end']);
    await peer.untilEnded();
  });

  it('opens no stream behind GOAWAY (RFC 9113 6.8)', async () => {
    const { peer, request } = clientUnderTest();
    const first = request();
    await peer.until(({ type }) => type === HEADERS);
    peer.send(frame(GOAWAY, 0, 0, uint32(1, 0)));
    await turn();
    const refused = request();
    await refused.settled;
    assert.deepEqual([refused.told, refused.error?.processed], [['error'], 'no']);
    peer.send(head(END));
    await first.settled;
    assert.equal(peer.count(HEADERS), 1);
  });

  it('opens no more streams than SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 5.1.2)', async () => {
    const { peer, request, session } = clientUnderTest({ greets: false });
    peer.send(frame(SETTINGS, 0, 0, setting([3, 2])));
    await turn();
    await turn();
    const all = [request(), request(), request()];
    await peer.until(({ type, id }) => type === HEADERS && id === 3);
    assert.deepEqual([session.capacity(), session.waiting, peer.count(HEADERS)], [0, 1, 2]);
    peer.send(head(END));
    await peer.until(({ type, id }) => type === HEADERS && id === 5);
    peer.send(frame(HEADERS, END, 3, block([':status', '200'])), frame(HEADERS, END, 5, block([':status', '200'])));
    await Promise.all(all.map(({ settled }) => settled));
    assert.deepEqual(
      all.map(({ told }) => told.at(-1)),
      ['end', 'end', 'end'],
    );
  });

  it('sends no more than the window of the stream (RFC 9113 6.9)', async () => {
    const { peer, request } = clientUnderTest({ greets: false });
    peer.send(frame(SETTINGS, 0, 0, setting([4, 5])));
    await turn();
    await turn();
    const heard = request({ method: 'POST', body: 'hello world' });
    assert.equal((await peer.until(({ type }) => type === DATA)).payload.toString(), 'hello');
    peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(100)));
    const rest = await peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
    assert.equal(rest.payload.toString(), ' world');
    peer.send(head(END));
    await heard.settled;
    assert.equal(heard.told.at(-1), 'end');
  });

  it('sends no more than the window of the connection (RFC 9113 6.9.1)', async () => {
    const { peer, request } = clientUnderTest({ greets: false });
    peer.send(frame(SETTINGS, 0, 0, setting([4, 1_000_000])));
    await turn();
    await turn();
    request({ method: 'POST', body: Readable.from([Buffer.alloc(50_000), Buffer.alloc(50_000)]) });
    const sent = (): number => peer.frames.reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0);
    await peer.until(() => sent() === 65_535);
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(50_000)));
    await peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
    assert.equal(sent(), 100_000);
  });

  it('refuses DATA beyond its own window (RFC 9113 6.9.1)', async () => {
    const client = clientUnderTest({ limits: { initialWindowBytes: 10 } });
    const heard = client.request();
    await client.peer.until(({ type }) => type === HEADERS);
    client.peer.send(OK, data(11));
    await check(client, heard, stream('FLOW_CONTROL_ERROR'));
  });

  it('gives the window back as its handler takes the body, and not before (RFC 9113 6.9)', async () => {
    const { peer, request } = clientUnderTest({ limits: { initialWindowBytes: 1000 } });
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    heard.controller?.pause();
    peer.send(OK, data(1000, 0));
    await turn();
    await turn();
    const updates = (): number => peer.frames.filter(({ type, id }) => type === WINDOW_UPDATE && id === 1).length;
    assert.deepEqual([heard.told, updates()], [['start', '200'], 0]);
    heard.controller?.resume();
    await peer.until(({ type, id }) => type === WINDOW_UPDATE && id === 1);
    assert.equal(heard.body.length, 1000);
    peer.send(data(1000));
    await heard.settled;
    assert.equal(heard.body.length, 2000);
  });

  it('resets a stream that its handler gives up (RFC 9113 5.4.2)', async () => {
    const { peer, request } = clientUnderTest();
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    heard.controller?.abort(new Error('enough'));
    const { payload } = await peer.until(({ type }) => type === RST_STREAM);
    assert.equal(errorCodeName(payload.readUInt32BE(0)), 'CANCEL');
    assert.equal(heard.error?.message, 'enough');
    // What was on its way is let pass.
    peer.send(OK, data('late'));
    peer.send(frame(PING, 0, 0, Buffer.alloc(8)));
    await peer.until(({ type, flags }) => type === PING && flags === ACK);
    assert.deepEqual(heard.told, ['start', 'error']);
  });

  it('takes an answer that comes before the request is complete (RFC 9113 8.1)', async () => {
    const { peer, request, session } = clientUnderTest();
    const body = new Readable({ read() {} });
    body.on('error', () => {});
    const heard = request({ method: 'POST', body });
    await peer.until(({ type }) => type === HEADERS);
    peer.send(head(END_HEADERS), data('early'), frame(RST_STREAM, 0, 1, uint32(0)));
    await heard.settled;
    await turn();
    assert.deepEqual([heard.told, heard.body], [['start', '200', 'data', 'end'], 'early']);
    assert.deepEqual([body.destroyed, session.streams.size], [true, 0]);
  });

  it('holds the body back for 100 Continue (RFC 9110 10.1.1)', async () => {
    const { peer, request } = clientUnderTest();
    const heard = request({ method: 'POST', body: 'hello', headers: { expect: '100-continue' } });
    await peer.until(({ type }) => type === HEADERS);
    await turn();
    assert.equal(peer.count(DATA), 0);
    peer.send(information('100'));
    await peer.until(({ type }) => type === DATA);
    peer.send(head(END));
    await heard.settled;
    assert.deepEqual(heard.told, ['start', '200', 'end']);
  });

  it('tells no body of HEAD, whatever its Content-Length (RFC 9110 9.3.2)', async () => {
    const { peer, request } = clientUnderTest();
    const heard = request({ method: 'HEAD' });
    await peer.until(({ type }) => type === HEADERS);
    peer.send(head(END, ['content-length', '100']));
    await heard.settled;
    assert.deepEqual(heard.told, ['start', '200', 'end']);
  });

  it('gives repeated fields as lists, and the raw ones in order (RFC 9110 5.3)', async () => {
    const { peer, request } = clientUnderTest();
    const heard = request();
    await peer.until(({ type }) => type === HEADERS);
    peer.send(
      head(END, ['set-cookie', 'a'], ['constructor', 'x'], ['set-cookie', 'b'], ['__proto__', 'y'], ['constructor', 'z']),
    );
    await heard.settled;
    const { headers, raw } = heard.heads[0] as (typeof heard.heads)[0];
    assert.deepEqual(Object.entries(headers), [
      ['set-cookie', ['a', 'b']],
      ['constructor', ['x', 'z']],
      ['__proto__', 'y'],
    ]);
    assert.deepEqual(raw, ['set-cookie', 'a', 'constructor', 'x', 'set-cookie', 'b', '__proto__', 'y', 'constructor', 'z']);
  });

  const requests: readonly (readonly [
    section: string,
    what: string,
    headers: Record<string, string>,
    sent: Record<string, string>,
  ])[] = [
    [
      '8.2.2',
      'leaves out Connection and its like',
      { Connection: 'close', 'Keep-Alive': '1', 'Transfer-Encoding': 'chunked', Upgrade: 'x' },
      {},
    ],
    ['8.2.2', 'leaves out TE other than trailers', { TE: 'gzip' }, {}],
    ['8.2.2', 'sends TE: trailers', { TE: 'trailers' }, { te: 'trailers' }],
    ['8.3.1', 'sends Host as :authority', { Host: 'ratings:1' }, { ':authority': 'ratings:1' }],
    ['8.2', 'lowers names', { 'X-Tenant': 'Blue' }, { 'x-tenant': 'Blue' }],
    ['8.2.1', 'cuts blanks off values', { 'x-a': ' b\t' }, { 'x-a': 'b' }],
  ];
  for (const [section, what, headers, sent] of requests) {
    it(`${what} (RFC 9113 ${section})`, async () => {
      const { peer, request } = clientUnderTest();
      request({ headers });
      const fields = peer.fields(await peer.until(({ type }) => type === HEADERS));
      assert.deepEqual(fields, { ':method': 'GET', ':scheme': 'http', ':authority': 'reviews:9080', ':path': '/', ...sent });
    });
  }

  const refused: readonly (readonly [what: string, request: Parameters<ClientUnderTest['request']>[0]])[] = [
    ['LF in a value', { headers: { 'x-a': 'b\nc' } }],
    ['CR in a value', { headers: { 'x-a': 'b\rc: d' } }],
    ['a blank in a name', { headers: { 'x a': 'b' } }],
    ['a pseudo-field as a header', { headers: { ':path': '/admin' } }],
    ['a path that does not begin with a slash', { path: 'http://else/' }],
    ['a blank in the path', { path: '/a b' }],
    ['a line end in the path', { path: '/a\r\nx: y' }],
    ['a line end in the method', { method: 'GET\r\n' }],
    ['a Content-Length that the body belies', { method: 'POST', headers: { 'content-length': '5' }, body: 'four' }],
    ['CONNECT', { method: 'CONNECT' }],
  ];
  for (const [what, bad] of refused) {
    it(`refuses to send ${what}, and goes on (RFC 9113 8.2.1, 10.3)`, async () => {
      const { peer, request } = clientUnderTest();
      const heard = request(bad);
      await heard.settled;
      assert.equal(heard.told.at(-1), 'error');
      const good = request({ headers: { 'x-a': 'b' } });
      assert.equal(peer.fields(await peer.until(({ type }) => type === HEADERS))['x-a'], 'b');
      peer.send(head(END));
      await good.settled;
      assert.equal(good.told.at(-1), 'end');
    });
  }
});
