import type { ResourceReference } from '@lateen/control';
import { parseResources } from '@lateen/resources';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { readConfigFiles } from '../files.ts';
import { type CliIo, UsageError } from '../io.ts';
import { kindNamed } from '../kinds.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { changesText, reportApplied } from './apply.ts';
import type { Verb } from './verb.ts';

interface DeleteVerbOptions {
  readonly filename?: string[];
  readonly output: string;
  readonly namespace: string;
  readonly state?: string;
}

export const deleteVerb: Verb = (program, io, done) => {
  program
    .command('delete')
    .description('take resources out of force in every process')
    .argument('[kind]', 'virtualservice, destinationrule, …')
    .argument('[name...]')
    .option('-f, --filename <path...>', 'the resources that these files hold')
    .option('-n, --namespace <namespace>', 'where none is named', 'default')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (kind: string | undefined, names: string[], options: DeleteVerbOptions) => {
      const format = outputFormat(options.output);
      const resources = kind ? named(kind, names, options.namespace) : await inFiles(io, options);
      const reply = await withAdmin(io, options, (admin) => admin.remove(resources, { author: io.environment['USER'] ?? 'cli' }));
      print(io, format, reply, () => changesText(reply));
      reportApplied(io, reply);
      done(reply.laggards.length === 0 ? 0 : 1);
    });
};

function named(kind: string, names: readonly string[], namespace: string): ResourceReference[] {
  if (names.length === 0) throw new UsageError(`delete ${kind}: which one? write lateen delete ${kind} NAME`);
  return names.map((name) => ({ kind: kindNamed(kind), namespace, name }));
}

async function inFiles(io: CliIo, options: DeleteVerbOptions): Promise<ResourceReference[]> {
  const files = await readConfigFiles(io, options.filename ?? []);
  return files.flatMap(({ file, text }) =>
    parseResources(text, { file, defaultNamespace: options.namespace }).resources.map(({ kind, metadata }) => ({
      kind,
      namespace: metadata.namespace,
      name: metadata.name,
    })),
  );
}
