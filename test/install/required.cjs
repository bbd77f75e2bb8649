const { createMesh, LateenError } = require('lateen');

createMesh({ service: 'hello', config: 'mesh.yaml', admin: false, logger: 'error' }).then(async (mesh) => {
  console.log(JSON.stringify({ hello: 'require', known: typeof LateenError === 'function' && typeof mesh.fetch === 'function' }));
  await mesh.close();
});
