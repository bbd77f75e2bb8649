import type { ApplyReply, ResourceReference } from '@lateen/control';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { changeLine, reportFindings, reportRevision } from '../applied.ts';
import { FILENAME_OPTION } from '../files.ts';
import { type CliIo, UsageError } from '../io.ts';
import { kindNamed } from '../kinds.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
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
    .argument('[names...]')
    .option(...FILENAME_OPTION)
    .option('-n, --namespace <namespace>', 'where none is named', 'default')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (kind: string | undefined, names: string[], options: DeleteVerbOptions) => {
      const format = outputFormat(options.output);
      const resources = await chosen(io, kind, names, options);
      const reply = await withAdmin(io, options, (admin) => admin.remove(resources, { author: io.environment['USER'] ?? 'cli' }));
      await print(io, format, reply, () => removalsText(reply));
      await reportFindings(io, reply);
      reportRevision(io, reply);
      const isMissing = reply.changes.some(({ action }) => action === 'unchanged');
      done(isMissing || reply.laggards.length > 0 ? 1 : 0);
    });
};

function removalsText({ changes }: ApplyReply): string {
  return changes.map((change) => changeLine(change, change.action === 'deleted' ? 'deleted' : 'not found')).join('');
}

async function chosen(
  io: CliIo,
  kind: string | undefined,
  names: readonly string[],
  { filename, namespace }: DeleteVerbOptions,
): Promise<ResourceReference[]> {
  if ((kind === undefined) === (filename === undefined)) {
    throw new UsageError('delete what? write either lateen delete KIND NAME or lateen delete -f FILE');
  }
  if (kind === undefined) return inFiles(io, filename ?? [], namespace);
  if (names.length === 0) throw new UsageError(`delete ${kind}: which one? write lateen delete ${kind} NAME`);
  return names.map((name) => ({ kind: kindNamed(kind), namespace, name }));
}

async function inFiles(io: CliIo, paths: readonly string[], namespace: string): Promise<ResourceReference[]> {
  const { readResources } = await import('../read-resources.ts');
  const resources = await readResources(io, paths, namespace);
  return resources.map(({ kind, metadata }) => ({ kind, namespace: metadata.namespace, name: metadata.name }));
}
