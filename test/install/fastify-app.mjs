import Fastify from 'fastify';
import { createMesh } from 'lateen';
import { lateen } from '@lateen/fastify';

const mesh = await createMesh({ service: 'hello', config: 'mesh.yaml', admin: false, logger: 'error' });
const fastify = Fastify({ serverFactory: mesh.serverFactory });
await fastify.register(lateen, { mesh });
fastify.get('/hello/:name', (request) => ({ hello: request.params.name, known: request.mesh !== undefined }));
await fastify.listen({ port: 18_431, host: '127.0.0.1' });
console.log(await (await mesh.fetch('http://hello:9080/hello/fastify')).text());
await mesh.close();
