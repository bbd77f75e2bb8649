import { parseArgs } from 'node:util';
import { consoleLogger, isLateenError, LateenError, LOG_LEVELS, type LogLevel, parseDurationMs, systemClock } from '@lateen/core';
import { type DaemonOptions, startDaemon } from './daemon.ts';

const USAGE = `lateend: certificate authority, registry and configuration of a Lateen mesh

  lateend --state DIR [options]

  --state DIR          folder (0700) for keys, configuration and registry; or LATEEN_STATE
  --host ADDRESS       where the API listens                              127.0.0.1
  --port N             TLS port of the API                                15012
  --admin-port N       plaintext loopback port for probes and Prometheus  15014, or the next free one
  --trust-domain NAME  of the SPIFFE IDs                                  cluster.local
  --cert-ttl DURATION  life of a workload's certificate                   1h
  --min-ttl DURATION   shortest life that may be asked for                5m
  --config PATH        Istio YAML that becomes revision 1 of an empty state
  --log-level LEVEL    debug, info, warn, error, silent                   info
`;

const FLAGS = {
  state: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  'admin-port': { type: 'string' },
  'trust-domain': { type: 'string' },
  'cert-ttl': { type: 'string' },
  'min-ttl': { type: 'string' },
  config: { type: 'string' },
  'log-level': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof FLAGS }>>['values'];

/** Runs lateend until SIGTERM or SIGINT. Sets the exit code: 1 when it could not start, 2 for a wrong command line. */
export async function runLateend(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<void> {
  try {
    const flags = readFlags(argv);
    if (flags.help) return void process.stdout.write(USAGE);
    const daemon = await startDaemon(readOptions(flags, environment));
    const probes = daemon.adminPort === 0 ? '' : `, probes on http://127.0.0.1:${daemon.adminPort}`;
    process.stdout.write(`lateend ready on ${daemon.url}${probes}, revision ${daemon.revision}, state in ${daemon.statePath}\n`);
    const stop = (): void => {
      daemon.close().catch((error: Error) => fail(error.message, 1));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
  } catch (error) {
    const usage = isLateenError(error) && error.code === 'LATEEN_BAD_OPTION';
    fail(isLateenError(error) ? error.message : String((error as Error).stack), usage ? 2 : 1);
  }
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(`lateend: ${message}\n`);
  process.exitCode = exitCode;
}

function readFlags(argv: readonly string[]): Flags {
  try {
    return parseArgs({ args: [...argv], options: FLAGS }).values;
  } catch (error) {
    throw badOption((error as Error).message, '`lateend --help` lists the options');
  }
}

function readOptions(flags: Flags, environment: NodeJS.ProcessEnv): DaemonOptions {
  const stateDir = flags.state ?? environment.LATEEN_STATE;
  if (!stateDir) throw badOption('lateend needs a folder for its state', 'name one with --state DIR or LATEEN_STATE');
  const logLevel = flags['log-level'] ?? 'info';
  if (!LOG_LEVELS.includes(logLevel as LogLevel))
    throw badOption(`--log-level ${logLevel}`, `write one of ${LOG_LEVELS.join(', ')}`);
  return {
    stateDir,
    clock: systemClock,
    logger: consoleLogger(logLevel as LogLevel, 'lateend'),
    ...given('host', flags.host),
    ...given('port', portOf('--port', flags.port)),
    ...given('adminPort', portOf('--admin-port', flags['admin-port'])),
    ...given('trustDomain', flags['trust-domain']),
    ...given('leafTtlMs', durationOf('--cert-ttl', flags['cert-ttl'])),
    ...given('minTtlMs', durationOf('--min-ttl', flags['min-ttl'])),
    ...given('configDir', flags.config),
  };
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

function portOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw badOption(`${flag} ${text}`, 'write a port from 0 to 65535');
}

function durationOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const durationMs = parseDurationMs(text);
  if (durationMs) return durationMs;
  throw badOption(`${flag} ${text}`, 'write a duration, as in 30s or 1h');
}

function badOption(message: string, hint: string): LateenError {
  return new LateenError('LATEEN_BAD_OPTION', message, { hint });
}
