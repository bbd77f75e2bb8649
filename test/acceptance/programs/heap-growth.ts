// Prints the bytes of heap that a request leaves behind, between the 50 000th and the 200 000th. Run with --expose-gc.
import type { AddressInfo } from 'node:net';
import { createMesh } from 'lateen';

const FROM = 50_000;
const TO = 200_000;
const AT_ONCE = 32;

const server = await createMesh({ service: 'server', config: [], admin: false, logger: 'silent' });
const listener = server.createServer((_request, response) => response.end('hello'));
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const { port } = listener.address() as AddressInfo;
const client = await createMesh({ service: 'client', admin: false, logger: 'silent', config: [entryFor(port)] as never });

await send(FROM);
const before = heapAfterCollection();
await send(TO - FROM);
const after = heapAfterCollection();
process.stdout.write(`${JSON.stringify({ bytesPerRequest: (after - before) / (TO - FROM), before, after })}\n`);
await client.close();
await server.close();

async function send(count: number): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const { statusCode, body } = await client.request('http://hello:9080/');
      if (statusCode !== 200) throw new Error(`status ${statusCode}`);
      await body.dump();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function heapAfterCollection(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function entryFor(port: number): object {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'hello' },
    spec: {
      hosts: ['hello.default.svc.cluster.local'],
      location: 'MESH_EXTERNAL',
      ports: [{ number: 9080, name: 'http', protocol: 'HTTP' }],
      resolution: 'STATIC',
      endpoints: [{ address: '127.0.0.1', ports: { http: port } }],
    },
  };
}
