// A process that watches Consul and has nothing else to do: it must end by itself.
import { seededRandom, silentLogger, systemClock, whenValue } from '@lateen/core';
import { consulRegistry } from '../../src/consul/consul-registry.ts';

const [url, until] = process.argv.slice(2) as [string, 'answered' | 'connected'];
const { ready } = consulRegistry({
  url,
  namespace: 'default',
  clock: systemClock,
  random: seededRandom(1),
  logger: silentLogger,
  events: { emit() {} },
});
// Held open for a while, so that what is left is a wait: for the next answer, or for the first.
const hold = setInterval(() => {}, 1_000);
const begun = until === 'answered' ? whenValue(ready, (value) => value) : Promise.resolve();
void begun.then(() => setTimeout(() => clearInterval(hold), 300));
