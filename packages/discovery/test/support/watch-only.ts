// A process that watches Consul and has nothing else to do: it must end by itself.
import { channelSink, seededRandom, silentLogger, systemClock, whenValue } from '@lateen/core';
import { consulRegistry } from '../../src/consul/consul-registry.ts';

const registry = consulRegistry({
  url: process.argv[2] as string,
  namespace: 'default',
  clock: systemClock,
  random: seededRandom(1),
  logger: silentLogger,
  events: channelSink,
});
// Held open until the first answer, so that what is left is a wait for the next.
const hold = setInterval(() => {}, 1_000);
void whenValue(registry.ready, (ready) => ready).then(() => setTimeout(() => clearInterval(hold), 300));
