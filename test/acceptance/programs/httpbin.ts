// A member of the mesh that answers as httpbin does, as far as Istio's tasks ask: /status/N, /delay/N, /headers, /get, /ip.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createMesh } from 'lateen';

/** As many bytes as httpbin's own teapot has. */
const TEAPOT = `${'I am a teapot, short and stout; tip me over and pour me out.'.padEnd(134, '.')}\n`;

const mesh = await createMesh();
const server = mesh.createServer({ servicePort: 8000, portName: 'http' }, answer);
server.listen(0, '127.0.0.1');
process.once('SIGTERM', () => void mesh.drain().then(() => process.exit(0)));

function answer(request: IncomingMessage, response: ServerResponse): void {
  const [, what, number] = /^\/(\w+)(?:\/([\d.]+))?/.exec(request.url ?? '') ?? [];
  response.setHeader('x-served-by', process.env['LATEEN_VERSION'] ?? '');
  if (what === 'delay') return void setTimeout(() => json(response, { delayed: Number(number) }), Number(number) * 1_000);
  if (what === 'status') {
    response.statusCode = Number(number);
    return void response.end(number === '418' ? TEAPOT : '');
  }
  if (what === 'headers') return json(response, { headers: request.headers });
  if (what === 'get' || what === 'ip') return json(response, { url: request.url, origin: request.socket.remoteAddress });
  response.statusCode = 404;
  response.end();
}

function json(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}
