// Joins nothing, serves and calls once, closes the mesh. If anything of the mesh kept the process alive, it would not end by itself.
import type { AddressInfo } from 'node:net';
import { createMesh } from 'lateen';

const mesh = await createMesh({ service: 'probe', config: [], admin: 0, logger: 'silent' });
const server = mesh.createServer((_request, response) => response.end('hello'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const answer = await (await mesh.fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
await mesh.close();
process.stdout.write(`${answer}\n`);
