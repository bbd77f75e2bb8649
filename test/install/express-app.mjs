import express from 'express';
import { createMesh } from 'lateen';
import { lateen } from '@lateen/express';

const mesh = await createMesh({ service: 'hello', config: 'mesh.yaml', admin: false, logger: 'error' });
const app = express();
app.use(lateen(mesh));
app.get('/hello/:name', (request, response) => response.json({ hello: request.params.name, known: request.mesh !== undefined }));
mesh.createServer(app).listen(18_431, '127.0.0.1', async () => {
  console.log(await (await mesh.fetch('http://hello:9080/hello/express')).text());
  await mesh.close();
});
