// Millions of frames, nearly right and broken, to both roles, and random field lists through HPACK. A slice of it is part of the tests.
//
//   node --conditions=@lateen/source packages/http2/test/fuzz/run.ts [--frames 5000000] [--lists 1000000] [--seed 1]
import { fuzz, type Role } from './fuzz.ts';
import { roundTrips } from './hpack.ts';

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

async function run(): Promise<void> {
  const frames = option('--frames', 5_000_000);
  const seed = option('--seed', 1);
  const lists = option('--lists', 1_000_000);
  roundTrips(seed, lists);
  process.stdout.write(`hpack: ${lists} lists read back as they were\n`);
  for (const role of ['server', 'client'] satisfies Role[]) {
    const before = process.memoryUsage().rss;
    const figures = await fuzz(role, seed, frames / 2);
    const grownMib = Math.round((process.memoryUsage().rss - before) / 1_048_576);
    process.stdout.write(`${role}: ${JSON.stringify({ ...figures, grownMib })}\n`);
  }
}

void run();
