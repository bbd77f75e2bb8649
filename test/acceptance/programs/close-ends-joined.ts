// As close-ends.ts, as a member of a running mesh: identity, watch stream, registration and mTLS connections are there to be let go of.
import { createMesh } from 'lateen';

const mesh = await createMesh({ logger: 'silent' });
const server = mesh.createServer({ servicePort: 9080 }, (_request, response) => response.end('hello'));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
await mesh.ready;
const response = await mesh.fetch('http://ratings:9080/ratings/0');
await response.text();
await mesh.close();
process.stdout.write(`${response.status}\n`);
