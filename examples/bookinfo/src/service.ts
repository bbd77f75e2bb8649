// One service as one process: `node dist/service.js reviews`. With `--no-mesh` it runs on plain Node.
import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { details } from './details/details.ts';
import { googleBooks } from './details/google-books.ts';
import { connectBackends } from './productpage/backends.ts';
import { productpage } from './productpage/productpage.ts';
import { signedSessions } from './productpage/session.ts';
import { behaviourOf } from './ratings/behaviour.ts';
import { ratings } from './ratings/ratings.ts';
import { askRatings } from './reviews/ask-ratings.ts';
import { reviews } from './reviews/reviews.ts';
import type { Runtime } from './runtime/runtime.ts';

const environment = process.env;

const services: Readonly<Record<string, (runtime: Runtime) => Server | Promise<Server>>> = {
  productpage: (runtime) =>
    runtime.express(
      productpage({
        backends: connectBackends(runtime.fetch, environment),
        sessions: signedSessions(environment['SESSION_SECRET'] ?? randomBytes(32)),
        floodFactor: Number(environment['FLOOD_FACTOR'] ?? 0),
      }),
    ),
  details: (runtime) => runtime.fastify(details({ googleBooks: googleBooks(runtime.fetch, environment) })),
  reviews: (runtime) => runtime.fastify(reviews({ askRatings: askRatings(runtime.fetch, environment), environment })),
  ratings: (runtime) => runtime.http(ratings(behaviourOf(environment['SERVICE_VERSION'] ?? 'v1'))),
};

async function main([name = '', ...flags]: readonly string[]): Promise<void> {
  const service = services[name];
  if (!service) throw new Error(`there is no service "${name}"; choose one of ${Object.keys(services).join(', ')}`);
  const runtime = await startRuntime(flags.includes('--no-mesh'));
  process.once('SIGTERM', () => void runtime.stop().then(() => process.exit(0)));
  const server = await service(runtime);
  await listen(server, Number(environment['PORT'] ?? 9080));
  await runtime.ready;
  process.stdout.write(`${name} answers on port ${(server.address() as AddressInfo).port}\n`);
}

/** Loaded on demand, so that without the mesh nothing of it is. */
async function startRuntime(plain: boolean): Promise<Runtime> {
  if (plain) return (await import('./runtime/plain-runtime.ts')).plainRuntime();
  return (await import('./runtime/mesh-runtime.ts')).meshRuntime();
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, environment['HOST'] ?? '127.0.0.1', resolve);
  });
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
