// Run by each supported Node: the runtime's own fetch through the mesh. Prints one line of JSON.
import { harness } from './harness.ts';
import { answerWith, openBackend } from './backend.ts';
import { endpointAt, service } from './fake-registry.ts';
import { rule } from './setup.ts';

const GLOBALS = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')] as const;

async function probe(): Promise<object> {
  const backend = await openBackend();
  const { client, registry } = harness({ yaml: rule('retries: { attempts: 2, retryOn: "503" }') }, (made) => {
    made.services.set([service('reviews')]);
    made.setEndpoints('reviews', [endpointAt(backend.port)]);
  });
  const globals = GLOBALS.map((symbol) => Object.hasOwn(globalThis, symbol));
  backend.answer = (request, response) =>
    answerWith(backend.seen.length % 2 === 1 ? 503 : 200, `got ${request.url}`)(request, response);
  const plain = await client.fetch('http://reviews:9080/plain');
  const text = await client.fetch('http://reviews:9080/text', { method: 'POST', body: 'again' });
  const form = new FormData();
  form.set('name', 'value');
  const formed = await client.fetch('http://reviews:9080/form', { method: 'POST', body: form });
  const request = await client.fetch(new Request('http://reviews:9080/request', { method: 'PUT', body: 'streamed' }));
  const statuses = [plain, text, formed, request].map(({ status }) => status);
  const bodies = await Promise.all([plain, text, formed, request].map((response) => response.text()));
  const seen = backend.seen.map(({ body }) => body);
  backend.answer = answerWith(302, '');
  const standard = [plain instanceof Response, plain.url, plain.headers.get('content-length')];
  registry.setEndpoints('reviews', []);
  const failed = await client
    .fetch('http://reviews:9080/')
    .catch((error: Error) => [error.name, (error.cause as { code: string }).code]);
  backend.answer = () => {};
  registry.setEndpoints('reviews', [endpointAt(backend.port)]);
  const aborted = await client
    .fetch('http://reviews:9080/', { signal: AbortSignal.timeout(30) })
    .catch((error: Error) => error.name);
  await client.close();
  await backend.close();
  return { node: process.versions.node, globals, statuses, bodies, seen, standard, failed, aborted };
}

void probe().then((result) => process.stdout.write(`${JSON.stringify(result)}\n`));
