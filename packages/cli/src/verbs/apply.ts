import { STATE_OPTION, withAdmin } from '../admin.ts';
import { changesText, reportFindings, reportRevision } from '../applied.ts';
import { FILENAME_OPTION, readConfigFiles } from '../files.ts';
import { UsageError } from '../io.ts';
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
    .requiredOption(...FILENAME_OPTION)
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option('--expected-revision <number>', 'refuse when another revision is current')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: ApplyVerbOptions) => {
      const format = outputFormat(options.output);
      const expected = revisionNumber(options.expectedRevision);
      const files = await readConfigFiles(io, options.filename);
      const reply = await withAdmin(io, options, (admin) =>
        admin.apply(files, {
          defaultNamespace: options.namespace,
          author: io.environment['USER'] ?? 'cli',
          ...(expected === undefined ? {} : { expectedRevision: expected }),
        }),
      );
      await print(io, format, reply, () => changesText(reply));
      await reportFindings(io, reply);
      const isEmpty = reply.changes.length === 0;
      if (isEmpty) io.err(`lateen: ${options.filename.join(', ')} holds no resource, so nothing was applied\n`);
      else reportRevision(io, reply);
      done(isEmpty || reply.laggards.length > 0 ? 1 : 0);
    });
};

function revisionNumber(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,15}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new UsageError(`--expected-revision ${text}: write a number, as lateen status shows it`);
}
