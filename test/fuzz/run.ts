// Feeds mutated YAML to the reading and checking of resources.
//
//   npm run fuzz -- [--documents 200000] [--seed N]     exit 1 at the first text that crashes it, hangs it, pollutes a prototype, or is refused without a line
import { parseArgs } from 'node:util';
import { seededRandom } from '@lateen/core';
import { problemWith } from './examine.ts';
import { mutated } from './mutate.ts';
import { seedDocuments } from './seeds.ts';

const { values } = parseArgs({ options: { documents: { type: 'string' }, seed: { type: 'string' } } });
const documents = Number(values.documents ?? 200_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const pool = seedDocuments();
const random = seededRandom(seed);
for (let number = 1; number <= documents; number++) {
  const text = mutated(pool, random);
  const problem = problemWith(text);
  if (problem !== undefined) {
    console.error(`document ${number} of seed ${seed}: ${problem}\n${JSON.stringify(text)}`);
    process.exit(1);
  }
}
console.log(`${documents} documents of seed ${seed}: no crash, none slower than 100 ms, no pollution, a line for every finding`);
