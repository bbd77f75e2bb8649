import { type Resource, resourceKey } from '@lateen/resources';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { kindNamed } from '../kinds.ts';
import { OUTPUT_OPTION, outputFormat, print, table } from '../output.ts';
import type { Verb } from './verb.ts';

export const getVerb: Verb = (program, io, done) => {
  program
    .command('get')
    .description('the resources in force')
    .argument('[kind]', 'virtualservice, destinationrule, …; default: all')
    .argument('[name]')
    .option('-n, --namespace <namespace>', 'only this one')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(
      async (
        kind: string | undefined,
        name: string | undefined,
        options: { output: string; namespace?: string; state?: string },
      ) => {
        const format = outputFormat(options.output);
        const wantedKind = kind && kind !== 'all' ? kindNamed(kind) : undefined;
        const { revision, texts } = await withAdmin(io, options, (admin) => admin.revision());
        const found = revision.resources.filter(
          (resource) =>
            (!wantedKind || resource.kind === wantedKind) &&
            (!name || resource.metadata.name === name) &&
            (!options.namespace || resource.metadata.namespace === options.namespace),
        );
        if (format === 'yaml' && found.every((resource) => texts[resourceKey(resource)])) {
          io.out(found.map((resource) => texts[resourceKey(resource)]?.trim()).join('\n---\n') + (found.length > 0 ? '\n' : ''));
        } else {
          print(io, format, found.map(asWritten), () => table(['NAMESPACE', 'KIND', 'NAME', 'FROM'], found.map(row)));
        }
        if (found.length === 0) io.err(`nothing found in revision ${revision.number}\n`);
        done(found.length === 0 && name !== undefined ? 1 : 0);
      },
    );
};

function asWritten({ apiVersion, kind, metadata, spec }: Resource): object {
  return { apiVersion, kind, metadata, spec };
}

function row({ kind, metadata, origin }: Resource): string[] {
  return [metadata.namespace, kind, metadata.name, `${origin.file}:${origin.line}`];
}
