// A member of the mesh that calls what it is told to: POST / with { url, count, concurrency }, answered with what came of each call.
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { createMesh } from 'lateen';

interface Order {
  readonly url: string;
  readonly headers?: Record<string, string>;
  readonly count?: number;
  readonly concurrency?: number;
}

const mesh = await createMesh({ errors: 'respond' });
const orders = createServer(async (request, response) => {
  const order = (await json(request)) as Order;
  response.end(JSON.stringify(await carryOut(order)));
});
orders.listen(Number(process.env['ORDERS_PORT']), '127.0.0.1');
process.once('SIGTERM', () => void mesh.drain().then(() => process.exit(0)));

async function carryOut({ url, headers = {}, count = 1, concurrency = 1 }: Order): Promise<object[]> {
  const results: object[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) results.push(await call(url, headers));
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

async function call(url: string, headers: Record<string, string>): Promise<object> {
  const began = performance.now();
  try {
    const response = await mesh.fetch(url, { headers });
    const body = await response.text();
    return { status: response.status, headers: Object.fromEntries(response.headers), body, elapsedMs: performance.now() - began };
  } catch (error) {
    return { status: 0, headers: {}, body: String((error as Error).cause ?? error), elapsedMs: performance.now() - began };
  }
}
