// npm start: Bookinfo on Lateen in the foreground, until Ctrl-C.
import { banner } from './deployment/banner.ts';
import { Deployment } from './deployment/deployment.ts';
import { parseOptions } from './deployment/options.ts';
import { stopSignals } from './deployment/stop-signals.ts';

async function main(): Promise<void> {
  const started = performance.now();
  const options = parseOptions(process.argv.slice(2), process.env['INIT_CWD']);
  const signals = stopSignals();
  process.stdout.write(`starting Bookinfo ${options.mesh ? 'on Lateen' : 'without Lateen'} …\n`);
  const deployment = await Deployment.start(options, signals.stop);
  if (!signals.stop.aborted) process.stdout.write(banner(deployment, options, performance.now() - started));
  signals.kill.addEventListener('abort', () => deployment.kill());
  const dead = await Promise.race([aborted(signals.stop), firstDeath(deployment)]);
  if (!dead) process.stdout.write('\nstopping …\n');
  await deployment.stop();
  if (dead) throw new Error(`${dead.message}\nEverything else was stopped; \`npm start\` starts it again.`);
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}

async function firstDeath({ processes }: Deployment): Promise<Error> {
  const dead = await Promise.race([...processes.values()].map(async (one) => (await one.exited, one)));
  return dead.death();
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
