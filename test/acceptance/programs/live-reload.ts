// Calls at a steady rate while its configuration changes, and tells what came of it. Run with --expose-gc.
//
// Every revision names itself in the rewritten path, in a request header, in a response header, and in the subset that its DestinationRule
// has and no other: an answer that names two revisions, or that has no cluster, was made of a mix.
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMesh } from 'lateen';

const [seconds = 60, changes = 200, perSecond = 500] = process.argv.slice(2).map(Number);

const backend = createServer((request, response) =>
  response.end(JSON.stringify({ path: request.url, revision: request.headers['x-revision'] })),
);
await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
const { port } = backend.address() as AddressInfo;
const folder = mkdtempSync(join(tmpdir(), 'lateen-reload-'));
write(0);
const refusals: string[] = [];
const logger = { debug() {}, info() {}, warn() {}, error: (line: string) => void refusals.push(line) };
const mesh = await createMesh({ service: 'client', config: folder, admin: false, logger, errors: 'respond' });

const failures: string[] = [];
const mixes: string[] = [];
const seen = new Set<string>();
const open = new Set<Promise<void>>();
let sent = 0;
let heapEarly = 0;

const started = performance.now();
const elapsed = (): number => performance.now() - started;
for (let change = 1, sentDue = 0; elapsed() < seconds * 1_000; ) {
  await new Promise((resolve) => setTimeout(resolve, 4));
  for (sentDue = (elapsed() / 1_000) * perSecond; sent < sentDue; sent++) {
    const running: Promise<void> = call().finally(() => open.delete(running));
    open.add(running);
  }
  if (change <= changes && elapsed() >= (change * seconds * 1_000) / (changes + 1)) write(change++);
  if (heapEarly === 0 && elapsed() > seconds * 250) heapEarly = heapAfterCollection();
}
await Promise.all(open);
const heapLate = heapAfterCollection();
process.stdout.write(
  `${JSON.stringify({
    requests: sent,
    failures: failures.slice(0, 5),
    failed: failures.length,
    mixes: mixes.slice(0, 5),
    mixed: mixes.length,
    revisions: seen.size,
    refusals: refusals.length,
    heapGrowth: heapLate - heapEarly,
  })}\n`,
);
await mesh.close();
backend.close();
backend.closeAllConnections();
rmSync(folder, { recursive: true, force: true });

async function call(): Promise<void> {
  try {
    const response = await mesh.fetch('http://hello:9080/');
    const text = await response.text();
    if (response.status !== 200) return void failures.push(`${response.status} ${text}`);
    const { path, revision } = JSON.parse(text) as { path: string; revision: string };
    seen.add(revision);
    if (path !== `/revision-${revision}` || response.headers.get('x-answered') !== revision) mixes.push(text);
  } catch (error) {
    failures.push(String((error as Error).cause ?? error));
  }
}

/** Every tenth is one that has to be refused. */
function write(revision: number): void {
  const timeout = revision % 10 === 9 ? 'soon' : '5s';
  const temporary = join(folder, '.next');
  writeFileSync(temporary, yaml(revision, timeout));
  renameSync(temporary, join(folder, 'mesh.yaml'));
}

function heapAfterCollection(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function yaml(revision: number, timeout: string): string {
  return `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: hello }
spec:
  hosts: [hello.default.svc.cluster.local]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 9080, name: http, protocol: HTTP }]
  endpoints:
    - { address: 127.0.0.1, ports: { http: ${port} }, labels: { version: v1 } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: hello }
spec:
  host: hello
  subsets: [{ name: r${revision}, labels: { version: v1 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: hello }
spec:
  hosts: [hello]
  http:
    - timeout: ${timeout}
      rewrite: { uri: /revision-${revision} }
      headers:
        request: { set: { x-revision: "${revision}" } }
        response: { set: { x-answered: "${revision}" } }
      match: [{ uri: { prefix: / } }]
      route: [{ destination: { host: hello, subset: r${revision} } }]
`;
}
