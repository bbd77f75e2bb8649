import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Behaviour } from '../corpus.ts';
import type { Received } from './received.ts';

/**
 * Answers a request that has been read, as its behaviour says.
 *
 * @param isApplication it is the handler of a server of the mesh: the connection is not its own, and a reset is an answer that it breaks off
 */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  behaviour: Behaviour,
  received: Received,
  isApplication: boolean,
): Promise<void> {
  if (behaviour.delayMs) await sleep(behaviour.delayMs);
  const { socket } = request;
  if (isApplication && behaviour.reset === 'rst') return void response.destroy();
  if (behaviour.reset === 'rst') return void socket.resetAndDestroy();
  if (behaviour.reset === 'fin') return void socket.end();
  if (behaviour.garbage) return void socket.end('this is not HTTP\r\n\r\n');
  if (behaviour.reset === 'midbody') return cutInTheMiddle(request, response);
  const body = behaviour.noBody ? '' : (behaviour.body ?? JSON.stringify(received));
  const headers = Object.entries(behaviour.headers ?? {}).flatMap(([name, value]) =>
    [value].flat().flatMap((each) => [name, each]),
  );
  if (!behaviour.noBody && !headers.includes('content-type')) headers.push('content-type', 'application/json');
  const status = behaviour.status ?? 200;
  if (status !== 204 && status !== 304) headers.push('content-length', String(Buffer.byteLength(body)));
  response.writeHead(status, headers as string[]);
  response.end(body);
}

async function cutInTheMiddle({ socket }: IncomingMessage, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 });
  response.write('partial');
  await sleep(30); // so that it has arrived before the reset overtakes it
  socket.resetAndDestroy();
}
