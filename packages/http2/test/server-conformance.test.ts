import assert from 'node:assert/strict';
import { errorCodeName, PREFACE } from '../src/index.ts';
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
  NOTHING,
  PADDED,
  PING,
  POST,
  PRIORITY,
  PUSH_PROMISE,
  type RawPeer,
  RST_STREAM,
  setting,
  SETTINGS,
  turn,
  uint32,
  WINDOW_UPDATE,
  WITH_PRIORITY,
} from './support/frames.ts';
import { serverUnderTest } from './support/server-under-test.ts';

type Expected =
  | { readonly goaway: readonly string[] }
  | { readonly reset: readonly string[]; readonly id?: number }
  | { readonly status: string; readonly id?: number; readonly body?: string }
  | { readonly frame: readonly [type: number, flags: number] };

/** Sections are RFC 9113's unless they say otherwise. */
type Case = readonly [section: string, what: string, send: readonly Buffer[], expected: Expected];

const connection = (...codes: string[]): Expected => ({ goaway: codes });
const stream = (...codes: string[]): Expected => ({ reset: codes });
const answer = (status: string, id = 1): Expected => ({ status, id });
const get = (id = 1, flags = END): Buffer => frame(HEADERS, flags, id, GET);
const post = (id = 1): Buffer => frame(HEADERS, END_HEADERS, id, POST);
const data = (id: number, bytes: number, flags = 0): Buffer => frame(DATA, flags, id, Buffer.alloc(bytes, 'x'));
const fields = (...pairs: readonly (readonly [string, string])[]): Buffer => block(...pairs);
const request = (...extra: readonly (readonly [string, string])[]): Buffer =>
  frame(HEADERS, END, 1, Buffer.concat([GET, fields(...extra)]));
const only = (...pairs: readonly (readonly [string, string])[]): Buffer => frame(HEADERS, END, 1, fields(...pairs));
const M = [':method', 'GET'] as const;
const S = [':scheme', 'http'] as const;
const P = [':path', '/'] as const;
const A = [':authority', 'reviews:9080'] as const;

const CASES: readonly Case[] = [
  // starting
  ['3.4', 'answers the preface with SETTINGS', [], { frame: [SETTINGS, 0] }],
  ['3.4', 'refuses a first frame that is not SETTINGS', [frame(99, 0, 0)], answer('200')],
  // frames
  ['4.1', 'ignores frames of unknown types', [frame(0x16, 0, 0, Buffer.alloc(8)), get()], answer('200')],
  ['4.1', 'ignores undefined flags', [frame(PING, 0x16, 0, Buffer.alloc(8))], { frame: [PING, ACK] }],
  ['4.1', 'ignores the reserved bit of a stream number', [frame(PING, 0, 0x80000000, Buffer.alloc(8))], { frame: [PING, ACK] }],
  ['4.2', 'takes DATA of 2^14 bytes', [post(), data(1, 16384, END_STREAM)], answer('200')],
  ['4.2', 'refuses DATA beyond SETTINGS_MAX_FRAME_SIZE', [post(), data(1, 16385)], connection('FRAME_SIZE_ERROR')],
  [
    '4.2',
    'refuses HEADERS beyond SETTINGS_MAX_FRAME_SIZE',
    [frame(HEADERS, END, 1, Buffer.alloc(16385))],
    connection('FRAME_SIZE_ERROR'),
  ],
  [
    '4.3',
    'refuses a block that can not be decoded',
    [frame(HEADERS, END, 1, Buffer.from('ffffffff', 'hex'))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    '4.3',
    'refuses PRIORITY inside a block',
    [get(1, END_STREAM), frame(PRIORITY, 0, 1, uint32(0).subarray(0, 4))],
    connection('PROTOCOL_ERROR'),
  ],
  ['4.3', 'refuses HEADERS of another stream inside a block', [get(1, END_STREAM), get(3)], connection('PROTOCOL_ERROR')],
  ['4.3', 'refuses DATA inside a block', [get(1, 0), data(1, 1)], connection('PROTOCOL_ERROR')],
  ['4.3', 'refuses an unknown frame inside a block', [get(1, 0), frame(0x16, 0, 0)], connection('PROTOCOL_ERROR')],
  // states
  ['5.1', 'refuses DATA on an idle stream', [data(1, 1)], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses RST_STREAM on an idle stream', [frame(RST_STREAM, 0, 1, uint32(8))], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses WINDOW_UPDATE on an idle stream', [frame(WINDOW_UPDATE, 0, 1, uint32(1))], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses CONTINUATION on an idle stream', [frame(CONTINUATION, 4, 1, GET)], connection('PROTOCOL_ERROR')],
  ['5.1', 'refuses DATA on a half-closed stream', [get(), data(1, 4)], { reset: ['STREAM_CLOSED'] }],
  ['5.1', 'refuses HEADERS on a half-closed stream', [get(), get()], { reset: ['STREAM_CLOSED'] }],
  ['5.1', 'refuses CONTINUATION on a half-closed stream', [get(), frame(CONTINUATION, 4, 1, GET)], connection('PROTOCOL_ERROR')],
  [
    '5.1',
    'refuses HEADERS on a stream that the peer reset',
    [post(), frame(RST_STREAM, 0, 1, uint32(8)), get()],
    connection('STREAM_CLOSED'),
  ],
  [
    '5.1',
    'refuses DATA on a stream that the peer reset',
    [post(), frame(RST_STREAM, 0, 1, uint32(8)), data(1, 1)],
    stream('STREAM_CLOSED'),
  ],
  [
    '5.1',
    'lets WINDOW_UPDATE on a closed stream pass',
    [post(), frame(RST_STREAM, 0, 1, uint32(8)), frame(WINDOW_UPDATE, 0, 1, uint32(9)), get(3)],
    answer('200', 3),
  ],
  [
    '5.1',
    'lets RST_STREAM on a closed stream pass',
    [post(), frame(RST_STREAM, 0, 1, uint32(8)), frame(RST_STREAM, 0, 1, uint32(8)), get(3)],
    answer('200', 3),
  ],
  ['5.1', 'lets PRIORITY on an idle stream pass', [frame(PRIORITY, 0, 3, Buffer.from([0, 0, 0, 1, 9])), get(1)], answer('200')],
  ['5.1.1', 'refuses streams of even numbers', [get(2)], connection('PROTOCOL_ERROR')],
  ['5.1.1', 'refuses numbers lower than one used before', [get(5), get(3)], connection('STREAM_CLOSED', 'PROTOCOL_ERROR')],
  ['5.1.1', 'takes numbers with gaps', [get(7)], answer('200', 7)],
  [
    '5.3.1',
    'refuses HEADERS that depends on itself',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.concat([Buffer.from([0, 0, 0, 1, 9]), GET]))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '5.3.1',
    'refuses PRIORITY that depends on itself',
    [post(), frame(PRIORITY, 0, 1, Buffer.from([0, 0, 0, 1, 9]))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '5.3.2',
    'otherwise ignores the priority in HEADERS',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.concat([Buffer.from([0x80, 0, 0, 0, 9]), GET]))],
    answer('200'),
  ],
  [
    '5.5',
    'ignores unknown extension frames between HEADERS and DATA',
    [post(), frame(0x42, 0xff, 1, Buffer.alloc(20)), data(1, 2, END_STREAM)],
    answer('200'),
  ],
  // DATA
  [
    '6.1',
    'takes DATA with padding',
    [post(), frame(DATA, PADDED | END_STREAM, 1, Buffer.from([5, 1, 2, 0, 0, 0, 0, 0]))],
    { status: '200', body: 'POST / 2' },
  ],
  [
    '6.1',
    'takes DATA of nothing but padding',
    [post(), frame(DATA, PADDED | END_STREAM, 1, Buffer.from([2, 0, 0]))],
    { status: '200', body: 'POST / 0' },
  ],
  ['6.1', 'refuses DATA on stream 0', [data(0, 1)], connection('PROTOCOL_ERROR')],
  [
    '6.1',
    'refuses padding as long as the payload',
    [post(), frame(DATA, PADDED | END_STREAM, 1, Buffer.from([6, 1, 2, 0, 0, 0]))],
    connection('PROTOCOL_ERROR'),
  ],
  ['6.1', 'refuses padded DATA without a pad length', [post(), frame(DATA, PADDED, 1)], connection('FRAME_SIZE_ERROR')],
  // HEADERS
  [
    '6.2',
    'takes HEADERS with padding',
    [frame(HEADERS, END | PADDED, 1, Buffer.concat([Buffer.from([3]), GET, Buffer.alloc(3)]))],
    answer('200'),
  ],
  [
    '6.2',
    'takes HEADERS with padding and priority',
    [frame(HEADERS, END | PADDED | WITH_PRIORITY, 1, Buffer.concat([Buffer.from([3, 0, 0, 0, 0, 1]), GET, Buffer.alloc(3)]))],
    answer('200'),
  ],
  ['6.2', 'refuses HEADERS on stream 0', [get(0)], connection('PROTOCOL_ERROR')],
  [
    '6.2',
    'refuses padding longer than the block',
    [frame(HEADERS, END | PADDED, 1, Buffer.from([200, 0x82]))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.2',
    'refuses HEADERS too short for its priority',
    [frame(HEADERS, END | WITH_PRIORITY, 1, Buffer.alloc(3))],
    connection('FRAME_SIZE_ERROR'),
  ],
  // PRIORITY
  ['6.3', 'refuses PRIORITY on stream 0', [frame(PRIORITY, 0, 0, Buffer.alloc(5))], connection('PROTOCOL_ERROR')],
  ['6.3', 'refuses PRIORITY without 5 bytes', [post(), frame(PRIORITY, 0, 1, Buffer.alloc(4))], stream('FRAME_SIZE_ERROR')],
  // RST_STREAM
  ['6.4', 'refuses RST_STREAM on stream 0', [frame(RST_STREAM, 0, 0, uint32(8))], connection('PROTOCOL_ERROR')],
  [
    '6.4',
    'refuses RST_STREAM without 4 bytes',
    [post(), frame(RST_STREAM, 0, 1, Buffer.alloc(3))],
    connection('FRAME_SIZE_ERROR'),
  ],
  // SETTINGS
  ['6.5', 'acknowledges SETTINGS', [frame(SETTINGS, 0, 0, setting([3, 9]))], { frame: [SETTINGS, ACK] }],
  [
    '6.5',
    'refuses an acknowledgement with a payload',
    [frame(SETTINGS, ACK, 0, setting([3, 9]))],
    connection('FRAME_SIZE_ERROR'),
  ],
  ['6.5', 'refuses SETTINGS on a stream', [frame(SETTINGS, 0, 1)], connection('PROTOCOL_ERROR')],
  ['6.5', 'refuses SETTINGS of a broken length', [frame(SETTINGS, 0, 0, Buffer.alloc(7))], connection('FRAME_SIZE_ERROR')],
  [
    '6.5.2',
    'refuses SETTINGS_ENABLE_PUSH other than 0 and 1',
    [frame(SETTINGS, 0, 0, setting([2, 2]))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.5.2',
    'refuses an initial window beyond 2^31-1',
    [frame(SETTINGS, 0, 0, setting([4, 0x80000000]))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  ['6.5.2', 'refuses a frame size below 2^14', [frame(SETTINGS, 0, 0, setting([5, 16383]))], connection('PROTOCOL_ERROR')],
  ['6.5.2', 'refuses a frame size beyond 2^24-1', [frame(SETTINGS, 0, 0, setting([5, 0x1000000]))], connection('PROTOCOL_ERROR')],
  ['6.5.2', 'ignores unknown settings', [frame(SETTINGS, 0, 0, setting([0x4242, 1])), get()], answer('200')],
  ['6.5.3', 'lets the last of repeated settings count', [frame(SETTINGS, 0, 0, setting([4, 100], [4, 1])), get()], answer('200')],
  [
    'RFC 9218 2.1',
    'refuses SETTINGS_NO_RFC7540_PRIORITIES other than 0 and 1',
    [frame(SETTINGS, 0, 0, setting([9, 2]))],
    connection('PROTOCOL_ERROR'),
  ],
  [
    'RFC 8441 3',
    'refuses SETTINGS_ENABLE_CONNECT_PROTOCOL other than 0 and 1',
    [frame(SETTINGS, 0, 0, setting([8, 2]))],
    connection('PROTOCOL_ERROR'),
  ],
  // PUSH_PROMISE
  ['6.6', 'refuses PUSH_PROMISE', [frame(PUSH_PROMISE, 4, 1, Buffer.concat([uint32(2), GET]))], connection('PROTOCOL_ERROR')],
  // PING
  ['6.7', 'answers PING', [frame(PING, 0, 0, Buffer.from('12345678'))], { frame: [PING, ACK] }],
  ['6.7', 'lets an answer to no PING pass', [frame(PING, ACK, 0, Buffer.from('12345678')), get()], answer('200')],
  ['6.7', 'refuses PING on a stream', [frame(PING, 0, 1, Buffer.alloc(8))], connection('PROTOCOL_ERROR')],
  ['6.7', 'refuses PING without 8 bytes', [frame(PING, 0, 0, Buffer.alloc(6))], connection('FRAME_SIZE_ERROR')],
  // GOAWAY
  ['6.8', 'refuses GOAWAY on a stream', [frame(GOAWAY, 0, 1, uint32(0, 0))], connection('PROTOCOL_ERROR')],
  ['6.8', 'refuses GOAWAY without 8 bytes', [frame(GOAWAY, 0, 0, uint32(0))], connection('FRAME_SIZE_ERROR')],
  ['6.8', 'closes after the GOAWAY of a client without streams', [frame(GOAWAY, 0, 0, uint32(0, 0))], connection('NO_ERROR')],
  // WINDOW_UPDATE
  ['6.9', 'refuses an increment of 0 on the connection', [frame(WINDOW_UPDATE, 0, 0, uint32(0))], connection('PROTOCOL_ERROR')],
  ['6.9', 'refuses an increment of 0 on a stream', [post(), frame(WINDOW_UPDATE, 0, 1, uint32(0))], stream('PROTOCOL_ERROR')],
  ['6.9', 'refuses WINDOW_UPDATE without 4 bytes', [frame(WINDOW_UPDATE, 0, 0, Buffer.alloc(3))], connection('FRAME_SIZE_ERROR')],
  [
    '6.9.1',
    'refuses a window of the connection beyond 2^31-1',
    [frame(WINDOW_UPDATE, 0, 0, uint32(0x7fffffff)), frame(WINDOW_UPDATE, 0, 0, uint32(0x7fffffff))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.1',
    "refuses a stream's window beyond 2^31-1",
    [post(), frame(WINDOW_UPDATE, 0, 1, uint32(0x7fffffff))],
    stream('FLOW_CONTROL_ERROR'),
  ],
  [
    '6.9.2',
    'refuses SETTINGS that push a window beyond 2^31-1',
    [post(), frame(WINDOW_UPDATE, 0, 1, uint32(0x7fffffff - 65535)), frame(SETTINGS, 0, 0, setting([4, 65536]))],
    connection('FLOW_CONTROL_ERROR'),
  ],
  // CONTINUATION
  [
    '6.10',
    'takes a block in many CONTINUATION frames',
    [
      frame(HEADERS, END_STREAM, 1, GET.subarray(0, 5)),
      frame(CONTINUATION, 0, 1, GET.subarray(5, 6)),
      frame(CONTINUATION, 4, 1, GET.subarray(6)),
    ],
    answer('200'),
  ],
  ['6.10', 'takes an empty CONTINUATION', [frame(HEADERS, END_STREAM, 1, GET), frame(CONTINUATION, 4, 1)], answer('200')],
  [
    '6.10',
    'refuses CONTINUATION behind a complete block',
    [post(), frame(CONTINUATION, 4, 1, GET)],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION on stream 0',
    [frame(HEADERS, END_STREAM, 1, GET), frame(CONTINUATION, 4, 0, GET)],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION of another stream',
    [frame(HEADERS, END_STREAM, 1, GET), frame(CONTINUATION, 4, 3, GET)],
    connection('PROTOCOL_ERROR'),
  ],
  [
    '6.10',
    'refuses CONTINUATION behind DATA',
    [post(), data(1, 1), frame(CONTINUATION, 4, 1, GET)],
    connection('PROTOCOL_ERROR'),
  ],
  // errors
  [
    '7',
    'lets a GOAWAY with an unknown error code pass',
    [post(), frame(GOAWAY, 0, 0, uint32(0, 0xff)), data(1, 1, END_STREAM)],
    answer('200'),
  ],
  [
    '7',
    'lets an RST_STREAM with an unknown error code pass',
    [post(), frame(RST_STREAM, 0, 1, uint32(0xff)), get(3)],
    answer('200', 3),
  ],
  // HTTP
  [
    '8.1',
    'takes trailers',
    [post(), data(1, 3), frame(HEADERS, END, 1, fields(['x-t', 'v']))],
    { status: '200', body: 'POST / 3' },
  ],
  [
    '8.1',
    'refuses a second HEADERS that does not end the stream',
    [post(), frame(HEADERS, END_HEADERS, 1, fields(['x-t', 'v']))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1',
    'refuses pseudo-fields in trailers',
    [post(), frame(HEADERS, END, 1, fields([':method', 'POST']))],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses more than the Content-Length',
    [frame(HEADERS, END_HEADERS, 1, Buffer.concat([POST, fields(['content-length', '1'])])), data(1, 4, END_STREAM)],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses less than the Content-Length',
    [frame(HEADERS, END_HEADERS, 1, Buffer.concat([POST, fields(['content-length', '9'])])), data(1, 4, END_STREAM)],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses less than the Content-Length in several frames',
    [frame(HEADERS, END_HEADERS, 1, Buffer.concat([POST, fields(['content-length', '9'])])), data(1, 4), data(1, 4, END_STREAM)],
    stream('PROTOCOL_ERROR'),
  ],
  [
    '8.1.1',
    'refuses less than the Content-Length before trailers',
    [
      frame(HEADERS, END_HEADERS, 1, Buffer.concat([POST, fields(['content-length', '9'])])),
      data(1, 4),
      frame(HEADERS, END, 1, fields(['x-t', 'v'])),
    ],
    stream('PROTOCOL_ERROR'),
  ],
  ['8.1.1', 'refuses a Content-Length without a body', [request(['content-length', '3'])], stream('PROTOCOL_ERROR')],
  [
    '8.1.1',
    'refuses two different Content-Lengths',
    [request(['content-length', '0'], ['content-length', '00'], ['content-length', '1'])],
    stream('PROTOCOL_ERROR'),
  ],
  ['8.1.1', 'refuses a Content-Length that is no number', [request(['content-length', '1, 1'])], stream('PROTOCOL_ERROR')],
  ['8.1.1', 'refuses a signed Content-Length', [request(['content-length', '+1'])], stream('PROTOCOL_ERROR')],
  ['8.2', 'refuses names in capitals', [request(['X-A', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses an empty name', [request(['', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a blank in a name', [request(['x a', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a colon within a name', [request(['x:a', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a control character in a name', [request(['x\x7f', 'b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses CR in a value', [request(['x-a', 'b\rc'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses LF in a value', [request(['x-a', 'b\nc'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses NUL in a value', [request(['x-a', 'b\0c'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a value that begins with a blank', [request(['x-a', ' b'])], stream('PROTOCOL_ERROR')],
  ['8.2.1', 'refuses a value that ends with a tab', [request(['x-a', 'b\t'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Connection', [request(['connection', 'keep-alive'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Keep-Alive', [request(['keep-alive', '5'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Proxy-Connection', [request(['proxy-connection', 'close'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Transfer-Encoding', [request(['transfer-encoding', 'chunked'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses Upgrade', [request(['upgrade', 'websocket'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'refuses TE other than trailers', [request(['te', 'gzip'])], stream('PROTOCOL_ERROR')],
  ['8.2.2', 'takes TE: trailers', [request(['te', 'trailers'])], answer('200')],
  ['8.3', 'refuses unknown pseudo-fields', [request([':test', 'ok'])], stream('PROTOCOL_ERROR')],
  ['8.3', 'refuses the pseudo-field of answers', [only(M, S, P, A, [':status', '200'])], stream('PROTOCOL_ERROR')],
  ['8.3', 'refuses pseudo-fields behind fields', [only(M, S, ['x-a', 'b'], P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses an empty :path', [only(M, S, [':path', ''], A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a missing :method', [only(S, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a missing :scheme', [only(M, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a missing :path', [only(M, S, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses :method twice', [only(M, M, S, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses :scheme twice', [only(M, S, S, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses :path twice', [only(M, S, P, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses :authority twice', [only(M, S, P, A, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a :path that is none', [only(M, S, [':path', 'reviews'], A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a blank in :path', [only(M, S, [':path', '/a b'], A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a :method that is no token', [only([':method', 'GET / HTTP/1.1'], S, P, A)], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses user information in :authority', [only(M, S, P, [':authority', 'me@reviews'])], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a path in :authority', [only(M, S, P, [':authority', 'reviews/x'])], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'refuses a Host that differs from :authority', [request(['host', 'ratings'])], stream('PROTOCOL_ERROR')],
  ['8.3.1', 'takes a Host that is the :authority', [request(['host', 'reviews:9080'])], answer('200')],
  ['8.3.1', 'takes Host without :authority', [only(M, S, P, ['host', 'reviews'])], answer('200')],
  ['8.3.1', 'takes OPTIONS *', [only([':method', 'OPTIONS'], S, [':path', '*'], A)], answer('200')],
  ['8.5', 'refuses CONNECT with a path', [only([':method', 'CONNECT'], S, P, A)], stream('PROTOCOL_ERROR')],
  ['8.5', 'answers CONNECT with 501', [only([':method', 'CONNECT'], A)], answer('501')],
  [
    'RFC 8441 4',
    'refuses :protocol, which was not offered',
    [only([':method', 'CONNECT'], S, P, A, [':protocol', 'websocket'])],
    stream('PROTOCOL_ERROR'),
  ],
  [
    'RFC 7541 4.2',
    'takes a table size update at the start of a block',
    [frame(HEADERS, END, 1, Buffer.concat([Buffer.from([0x20]), GET]))],
    answer('200'),
  ],
  [
    'RFC 7541 4.2',
    'refuses a table size update at the end of a block',
    [frame(HEADERS, END, 1, Buffer.concat([GET, Buffer.from([0x20])]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 6.3',
    'refuses a table size beyond its setting',
    [frame(HEADERS, END, 1, Buffer.concat([Buffer.from('3fe2ff03', 'hex'), GET]))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 2.3.3',
    'refuses an index beyond the tables',
    [frame(HEADERS, END, 1, Buffer.concat([GET, Buffer.from([0xfe])]))],
    connection('COMPRESSION_ERROR'),
  ],
  ['RFC 7541 6.1', 'refuses index 0', [frame(HEADERS, END, 1, Buffer.from([0x80]))], connection('COMPRESSION_ERROR')],
  [
    'RFC 7541 5.2',
    'refuses Huffman code with the end symbol',
    [frame(HEADERS, END, 1, Buffer.from('0085ffffffffff0161', 'hex'))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 5.2',
    'refuses Huffman padding of more than 7 bits',
    [frame(HEADERS, END, 1, Buffer.from('0082f1ff0161', 'hex'))],
    connection('COMPRESSION_ERROR'),
  ],
  [
    'RFC 7541 5.2',
    'refuses Huffman padding with zeros',
    [frame(HEADERS, END, 1, Buffer.from('0081f00161', 'hex'))],
    connection('COMPRESSION_ERROR'),
  ],
  ['RFC 9218 7.1', 'refuses PRIORITY_UPDATE on a stream', [frame(16, 0, 1, uint32(1))], connection('PROTOCOL_ERROR')],
  ['RFC 9218 7.1', 'refuses PRIORITY_UPDATE without a stream', [frame(16, 0, 0, NOTHING)], connection('FRAME_SIZE_ERROR')],
  [
    'RFC 9218 7.1',
    'takes PRIORITY_UPDATE',
    [post(), frame(16, 0, 0, Buffer.concat([uint32(1), Buffer.from('u=1, i')])), data(1, 1, END_STREAM)],
    answer('200'),
  ],
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'QUERY'];

async function check(peer: RawPeer, expected: Expected): Promise<void> {
  if ('goaway' in expected) {
    const goaway = await peer.until(({ type }) => type === GOAWAY, 'GOAWAY');
    assert.ok(expected.goaway.includes(errorCodeName(goaway.payload.readUInt32BE(4))), goaway.payload.toString('latin1'));
    await peer.untilEnded();
  } else if ('reset' in expected) {
    const reset = await peer.until(({ type, id }) => type === RST_STREAM && id === (expected.id ?? 1), 'RST_STREAM');
    assert.ok(expected.reset.includes(errorCodeName(reset.payload.readUInt32BE(0))), `${reset.payload.readUInt32BE(0)}`);
    // The connection goes on.
    peer.send(frame(PING, 0, 0, Buffer.from('go on...')));
    await peer.until(({ type, flags }) => type === PING && flags === ACK, 'PING');
  } else if ('status' in expected) {
    const head = await peer.until(({ type, id }) => type === HEADERS && id === (expected.id ?? 1), 'HEADERS');
    assert.equal(peer.fields(head)[':status'], expected.status);
    if (expected.body !== undefined) {
      const body = await peer.until(({ type, flags }) => type === DATA && (flags & END_STREAM) !== 0, 'DATA');
      assert.equal(body.payload.toString(), expected.body);
    }
  } else {
    const [type, flags] = expected.frame;
    await peer.until((frame) => frame.type === type && frame.flags === flags);
  }
}

describe('ServerSession, conformance', () => {
  for (const [section, what, send, expected] of CASES.filter(([, what]) => !what.includes('first frame that'))) {
    it(`${what} (${section.startsWith('RFC') ? section : `RFC 9113 ${section}`})`, async () => {
      const { peer } = serverUnderTest();
      peer.send(...send);
      await check(peer, expected);
    });
  }

  for (const method of METHODS) {
    it(`serves ${method} with and without a body (RFC 9113 8.1)`, async () => {
      const { peer } = serverUnderTest();
      const head = fields([':method', method], S, P, A);
      peer.send(frame(HEADERS, END, 1, head), frame(HEADERS, END_HEADERS, 3, head), data(3, 5, END_STREAM));
      for (const id of [1, 3]) {
        const body = await peer.until((frame) => frame.type === DATA && frame.id === id);
        assert.equal(body.payload.toString(), `${method} / ${id === 1 ? 0 : 5}`);
      }
    });
  }

  it('answers HEAD without a body (RFC 9113 8.1)', async () => {
    const { peer } = serverUnderTest();
    peer.send(only([':method', 'HEAD'], S, P, A));
    const head = await peer.until(({ type }) => type === HEADERS);
    assert.equal(head.flags & END_STREAM, END_STREAM);
    assert.equal(peer.count(DATA), 0);
  });

  it('refuses anything but the preface (RFC 9113 3.4)', async () => {
    const { peer } = serverUnderTest({ greets: false });
    peer.send(Buffer.from('GET / HTTP/1.1\r\nHost: reviews\r\n\r\n'));
    await check(peer, connection('PROTOCOL_ERROR'));
  });

  it('takes a preface byte by byte (RFC 9113 3.4)', async () => {
    const { peer } = serverUnderTest({ greets: false });
    for (const byte of Buffer.concat([PREFACE, frame(SETTINGS, 0, 0), get()])) peer.send(Buffer.from([byte]));
    await check(peer, answer('200'));
  });

  it('refuses a first frame that is not SETTINGS (RFC 9113 3.4)', async () => {
    const { peer } = serverUnderTest({ greets: false });
    peer.send(PREFACE, get());
    await check(peer, connection('PROTOCOL_ERROR'));
  });

  it('refuses DATA as the first frame (RFC 9113 3.4)', async () => {
    const { peer } = serverUnderTest({ greets: false });
    peer.send(PREFACE, data(1, 1));
    await check(peer, connection('PROTOCOL_ERROR'));
  });

  it('refuses streams beyond SETTINGS_MAX_CONCURRENT_STREAMS (RFC 9113 5.1.2)', async () => {
    const { peer } = serverUnderTest({ limits: { maxConcurrentStreams: 2 }, onRequest: () => {} });
    peer.send(get(1), get(3), get(5));
    await check(peer, { reset: ['REFUSED_STREAM'], id: 5 });
  });

  it('sends no more than the window of the stream (RFC 9113 6.9)', async () => {
    const { peer } = serverUnderTest({ greets: false, onRequest: (_request, response) => void response.end('x'.repeat(10)) });
    peer.send(PREFACE, frame(SETTINGS, 0, 0, setting([4, 3])), get());
    const first = await peer.until(({ type }) => type === DATA);
    assert.equal(first.payload.length, 3);
    peer.send(frame(WINDOW_UPDATE, 0, 1, uint32(4)));
    assert.equal((await peer.until(({ type, payload }) => type === DATA && payload.length === 4)).flags, 0);
    // A setting moves the window of open streams (6.9.2).
    peer.send(frame(SETTINGS, 0, 0, setting([4, 6])));
    const last = await peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
    assert.equal(last.payload.length, 3);
  });

  it('keeps track of windows below zero (RFC 9113 6.9.2)', async () => {
    const { peer } = serverUnderTest({ greets: false, onRequest: (_request, response) => void response.end('x'.repeat(10)) });
    peer.send(PREFACE, frame(SETTINGS, 0, 0, setting([4, 3])), get());
    await peer.until(({ type }) => type === DATA);
    peer.send(frame(SETTINGS, 0, 0, setting([4, 2])), frame(WINDOW_UPDATE, 0, 1, uint32(2)));
    const next = await peer.until(({ type, payload }) => type === DATA && payload.length !== 3);
    assert.equal(next.payload.length, 1);
  });

  it('sends no more than the window of the connection (RFC 9113 6.9.1)', async () => {
    const { peer } = serverUnderTest({
      greets: false,
      onRequest: (_request, response) => void response.end(Buffer.alloc(70_000)),
    });
    peer.send(PREFACE, frame(SETTINGS, 0, 0, setting([4, 1_000_000])), get());
    const received = (): number => peer.frames.reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0);
    await peer.until(() => received() === 65_535);
    peer.send(frame(WINDOW_UPDATE, 0, 0, uint32(100_000)));
    await peer.until(() => received() === 70_000);
    assert.ok(peer.frames.every(({ payload }) => payload.length <= 16_384));
  });

  it('refuses DATA beyond its own window (RFC 9113 6.9.1)', async () => {
    const { peer } = serverUnderTest({ limits: { initialWindowBytes: 100 }, onRequest: () => {} });
    peer.send(post(), data(1, 101));
    await check(peer, stream('FLOW_CONTROL_ERROR'));
  });

  it('refuses DATA beyond the window of its connection (RFC 9113 6.9.1)', async () => {
    const { peer } = serverUnderTest({ limits: { initialWindowBytes: 65_535, maxBufferedBytes: 0 }, onRequest: () => {} });
    const all: Buffer[] = [];
    for (let id = 1; id < 20; id += 2) all.push(post(id), data(id, 16_384), data(id, 16_384), data(id, 16_384));
    peer.send(...all);
    await check(peer, connection('FLOW_CONTROL_ERROR'));
  });

  it('lets what was sent before a reset was heard of pass (RFC 9113 5.1)', async () => {
    const { peer, session } = serverUnderTest({ onRequest: (_request, response) => void response.destroy() });
    peer.send(post());
    await peer.until(({ type }) => type === RST_STREAM);
    peer.send(data(1, 1000), frame(HEADERS, END, 1, fields(['x-t', 'v'])), frame(PING, 0, 0, Buffer.alloc(8)));
    await peer.until(({ type, flags }) => type === PING && flags === ACK);
    assert.equal(session.closed, false);
    assert.equal(session.incoming.buffered, 0);
  });

  it('asks for no more of a request once it has answered (RFC 9113 8.1)', async () => {
    const { peer } = serverUnderTest({ onRequest: (_request, response) => void response.end('early') });
    peer.send(post());
    await peer.until(({ type, flags }) => type === DATA && flags === END_STREAM);
    // What is on its way is thrown away.
    peer.send(...Array.from({ length: 4 }, () => data(1, 16_384)));
    await turn();
    assert.equal(peer.count(RST_STREAM), 0);
    peer.send(data(1, 1));
    await check(peer, stream('NO_ERROR'));
  });

  it('answers a field list beyond its limit with 431 (RFC 9113 10.5.1)', async () => {
    const { peer } = serverUnderTest({ limits: { maxHeaderListBytes: 500 } });
    peer.send(request(['x-large', 'y'.repeat(500)]), get(3));
    const head = await peer.until(({ type, id }) => type === HEADERS && id === 1);
    assert.equal(peer.fields(head)[':status'], '431');
    await check(peer, answer('200', 3));
  });

  it('ends in two steps: GOAWAY with all streams, then with the last one (RFC 9113 6.8)', async () => {
    const answers: (() => void)[] = [];
    const { peer, session } = serverUnderTest({ onRequest: (_request, response) => void answers.push(() => response.end()) });
    peer.send(get(1));
    await peer.until(() => answers.length === 1);
    const drained = session.drain();
    const first = await peer.until(({ type }) => type === GOAWAY);
    assert.equal(first.payload.readUInt32BE(0), 0x7fffffff);
    // A request that was on its way is still served.
    const ping = await peer.until(({ type, flags }) => type === PING && flags === 0);
    peer.send(get(3), frame(PING, ACK, 0, ping.payload), get(5));
    await peer.until(({ type, payload }) => type === GOAWAY && payload.readUInt32BE(0) === 3);
    assert.equal(answers.length, 2);
    for (const answer of answers) answer();
    await drained;
    await peer.untilEnded();
    assert.deepEqual(
      peer.frames.filter(({ type, flags }) => type === HEADERS && flags === END).map(({ id }) => id),
      [1, 3],
    );
  });
});
