import { parseArgs } from 'node:util';
import { isLateenError, LateenError } from '@lateen/core';
import { createGateway } from './create-gateway.ts';
import type { GatewayOptions } from './gateway.ts';

const USAGE = `lateen-gateway: the ingress gateway of a Lateen mesh

  lateen-gateway --control URL [options]

  --control URL        lateend, which gives identity, configuration and endpoints; or LATEEN_CONTROL
  --config PATH        Istio YAML to follow instead of lateend's; or LATEEN_CONFIG
  --host ADDRESS       where the Gateways' ports are bound       127.0.0.1
  --port-offset N      added to every port; or LATEEN_PORT_OFFSET  0

  All other LATEEN_* variables mean what they mean to a service.
  Gateways select it by its labels: istio=ingressgateway, or LATEEN_LABELS.
`;

const FLAGS = {
  control: { type: 'string' },
  config: { type: 'string' },
  host: { type: 'string' },
  'port-offset': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];

/** Runs the gateway until SIGTERM or SIGINT, then drains; a second signal ends it at once. Exit 1: it could not start, 2: wrong command line. */
export async function runGateway(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  // Nothing else holds the process while no Gateway asks for a port.
  const alive = new MessageChannel().port1;
  alive.ref();
  try {
    const flags = readFlags(argv);
    if (flags.help) return void process.stdout.write(USAGE);
    const gateway = await createGateway(readOptions(flags, environment), environment);
    const ended = untilSignal(async (again) => {
      if (again) process.exit(1);
      await gateway.drain();
    });
    await gateway.ready;
    const open = gateway.ports.map(({ address }) => `http://${address}`).join(', ') || 'no port: no Gateway selects it yet';
    process.stdout.write(`lateen-gateway ready on ${open}\n`);
    await ended;
  } catch (error) {
    const usage = isLateenError(error) && error.code === 'LATEEN_BAD_OPTION';
    process.stderr.write(`lateen-gateway: ${isLateenError(error) ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = usage ? 2 : 1;
  } finally {
    alive.close();
  }
}

/** Resolves when `stop` has, which runs at the first signal and once more, with `again`, at a second. */
function untilSignal(stop: (again: boolean) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    let stopping = false;
    const onSignal = (): void => {
      const again = stopping;
      stopping = true;
      stop(again).then(resolve, reject);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

function readFlags(argv: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    throw badOption((error as Error).message, '`lateen-gateway --help` lists the options');
  }
}

function readOptions(flags: Flags, environment: NodeJS.ProcessEnv): GatewayOptions {
  const { control, config, host } = flags;
  return {
    portOffset: offsetOf(flags['port-offset'] ?? environment['LATEEN_PORT_OFFSET'] ?? '0'),
    ...(control === undefined ? {} : { control }),
    ...(config === undefined ? {} : { config }),
    ...(host === undefined ? {} : { host }),
  };
}

function offsetOf(text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw badOption(`--port-offset ${text}`, 'write a number from 0 to 65535');
}

function badOption(message: string, hint: string): LateenError {
  return new LateenError('LATEEN_BAD_OPTION', message, { hint });
}
