import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@lateen/core';
import { createMesh } from '../src/create-mesh.ts';
import type { Mesh } from '../src/mesh.ts';

const CHANGES = 20;

/** Every revision names itself in path, headers and subset: an answer that names two, or has no cluster, was made of a mix. */
const yaml = (port: number, revision: number, timeout: string): string => `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: hello }
spec:
  hosts: [hello.default.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 9080, name: http, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1, ports: { http: ${port} }, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: hello }
spec: { host: hello, subsets: [{ name: r${revision}, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: hello }
spec:
  hosts: [hello]
  http:
    - match: [{ uri: { prefix: / } }]
      timeout: ${timeout}
      rewrite: { uri: /revision-${revision} }
      headers: { request: { set: { x-revision: "${revision}" } }, response: { set: { x-answered: "${revision}" } } }
      route: [{ destination: { host: hello, subset: r${revision} } }]
`;

describe('a configuration that changes under load', () => {
  let folder: string;
  let backend: Server;
  let mesh: Mesh;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lateen-live-'));
    backend = createServer((request, response) => response.end(`${request.url} ${request.headers['x-revision']}`));
    await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await mesh.close();
    backend.close();
    backend.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  });

  it('fails no request, mixes no two revisions in one, and leaves out what is not valid', async () => {
    const { port } = backend.address() as AddressInfo;
    const write = async (revision: number, timeout: string): Promise<void> => {
      await writeFile(join(folder, '.next'), yaml(port, revision, timeout));
      await rename(join(folder, '.next'), join(folder, 'mesh.yaml'));
    };
    await write(0, '5s');
    const refusals: string[] = [];
    const logger = { ...silentLogger, error: (line: string) => refusals.push(line) };
    mesh = await createMesh({ service: 'client', config: folder, admin: false, logger });

    let changing = true;
    let latest = '';
    const call = async (): Promise<void> => {
      const response = await mesh.fetch('http://hello:9080/');
      const [path, revision = ''] = (await response.text()).split(' ');
      assert.deepEqual([response.status, path, response.headers.get('x-answered')], [200, `/revision-${revision}`, revision]);
      latest = revision;
    };
    const callers = Array.from({ length: 4 }, async () => {
      while (changing) await call();
    });
    for (let revision = 1; revision <= CHANGES; revision++) {
      const valid = revision % 10 !== 5;
      const refused = refusals.length;
      await write(revision, valid ? '5s' : 'soon');
      const taken = (): boolean => (valid ? latest === String(revision) : refusals.length > refused);
      while (!taken()) await call();
    }
    changing = false;
    await Promise.all(callers);
    assert.equal(refusals.length, 2);
    assert.match(refusals[0] as string, /IST0106.*mesh\.yaml:23\).*timeout/s);
  });
});
