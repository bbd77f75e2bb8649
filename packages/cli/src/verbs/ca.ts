import { parseDurationMs } from '@lateen/core';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { type CliIo, UsageError } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print, subjectText, table, untilText } from '../output.ts';
import type { Verb } from './verb.ts';

interface TokenOptions {
  readonly serviceAccount: string;
  readonly service?: string[];
  readonly namespace: string;
  readonly label?: string[];
  readonly ttl: string;
  readonly reusable?: boolean;
  readonly output: string;
  readonly state?: string;
}

export const caVerb: Verb = (program, io, done) => {
  const ca = program.command('ca').description('the certificate authority in lateend');
  ca.command('init')
    .description('how an authority comes to be')
    .action(() => {
      io.out('lateend makes its authority at its first start: npx lateend --state FOLDER\nThen: lateen ca status\n');
      done(0);
    });
  ca.command('status')
    .description('authorities, their ends, and which identities may serve what')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { output: string; state?: string }) => done(await status(io, options)));
  ca.command('token')
    .description('make a join token; printed once')
    .requiredOption('--service-account <name>', 'the identity its holder gets')
    .option('--service <name...>', 'services its holder may register; default: none, it only calls')
    .option('-n, --namespace <namespace>', 'of the identity', 'default')
    .option('--label <key=value...>', 'app=reviews, version=v2, …; written into the certificate')
    .option('--ttl <duration>', 'how long it can be used', '10m')
    .option('--reusable', 'for any number of processes within its time, at most 24h')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: TokenOptions) => done(await token(io, options)));
};

async function status(io: CliIo, options: { output: string; state?: string }): Promise<0 | 1> {
  const format = outputFormat(options.output);
  const authority = await withAdmin(io, options, (admin) => admin.caStatus());
  await print(io, format, authority, () => {
    const now = io.clock.wallNow();
    const authorities = authority.authorities.map(({ subject, notAfter, fingerprint }) => [
      subjectText(subject),
      untilText(notAfter, now),
      fingerprint,
    ]);
    const grants = Object.entries(authority.grants).map(([service, ids]) => [service, ids.join(' ')]);
    return [
      `trust domain ${authority.trustDomain}, bundle ${authority.bundleSequence}, pin ${authority.rootPin}\n`,
      authority.problem ? `! ${authority.problem}\n` : '',
      `\n${table(['AUTHORITY', 'ENDS', 'FINGERPRINT'], authorities)}`,
      `\n${table(['SERVICE', 'MAY BE SERVED BY'], grants)}`,
    ].join('');
  });
  return authority.problem ? 1 : 0;
}

async function token(io: CliIo, options: TokenOptions): Promise<0> {
  const format = outputFormat(options.output);
  const ttlMs = parseDurationMs(options.ttl);
  if (!ttlMs) throw new UsageError(`--ttl ${options.ttl}: write a duration, 10m`);
  const labels = labelsOf(options.label ?? []);
  const reply = await withAdmin(io, options, (admin) =>
    admin.createToken({
      namespace: options.namespace,
      serviceAccount: options.serviceAccount,
      services: options.service ?? [],
      labels,
      ttlMs,
      reusable: options.reusable ?? false,
    }),
  );
  await print(io, format, reply, () => `${reply.joinString}\n`);
  io.err(`for ${reply.id}, usable until ${new Date(reply.notAfter).toISOString()}\n`);
  return 0;
}

function labelsOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 1) throw new UsageError(`--label ${pair}: write key=value`);
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
