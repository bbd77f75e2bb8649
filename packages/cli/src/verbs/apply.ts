import type { ApplyReply } from '@lateen/control';
import { formatFinding } from '@lateen/resources';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { readConfigFiles } from '../files.ts';
import type { CliIo } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import type { Verb } from './verb.ts';

interface ApplyVerbOptions {
  readonly filename: string[];
  readonly output: string;
  readonly namespace: string;
  readonly state?: string;
  readonly expectedRevision?: string;
}

export const applyVerb: Verb = (program, io, done) => {
  program
    .command('apply')
    .description('put resources in force in every process; returns when they are')
    .requiredOption('-f, --filename <path...>', 'file, folder, or - for stdin')
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option('--expected-revision <number>', 'refuse when another revision is current')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: ApplyVerbOptions) => {
      const format = outputFormat(options.output);
      const files = await readConfigFiles(io, options.filename);
      const reply = await withAdmin(io, options, (admin) =>
        admin.apply(files, {
          defaultNamespace: options.namespace,
          author: io.environment['USER'] ?? 'cli',
          ...(options.expectedRevision === undefined ? {} : { expectedRevision: Number(options.expectedRevision) }),
        }),
      );
      print(io, format, reply, () => changesText(reply));
      reportApplied(io, reply);
      done(reply.laggards.length === 0 ? 0 : 1);
    });
};

/** One line per resource, as kubectl writes them. */
export function changesText(reply: ApplyReply): string {
  return reply.changes
    .map(({ kind, namespace, name, action }) => `${kind.toLowerCase()}/${name}.${namespace} ${action}\n`)
    .join('');
}

/** Warnings, the revision, and who does not run it; on stderr, so that `-o json` stays clean. */
export function reportApplied(io: CliIo, reply: ApplyReply): void {
  for (const finding of reply.findings) io.err(`${formatFinding(finding)}\n`);
  const everyone = reply.acknowledged.length + reply.laggards.length;
  io.err(`revision ${reply.revision} (${reply.hash}) in force in ${reply.acknowledged.length} of ${everyone} processes\n`);
  for (const { instance, reason } of reply.laggards) io.err(`  ${instance}: ${reason}\n`);
}
