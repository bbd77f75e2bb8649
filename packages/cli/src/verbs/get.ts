import type { ConfigReply } from '@lateen/control';
import { type Resource, resourceKey } from '@lateen/resources';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { kindNamed } from '../kinds.ts';
import { OUTPUT_OPTION, outputFormat, print, table } from '../output.ts';
import { asWritten } from '../written.ts';
import type { Verb } from './verb.ts';

interface GetVerbOptions {
  readonly output: string;
  readonly namespace?: string;
  readonly state?: string;
}

export const getVerb: Verb = (program, io, done) => {
  program
    .command('get')
    .description('the resources in force; -o yaml shows them as they were written')
    .argument('[kind]', 'virtualservice, destinationrule, …; default: all')
    .argument('[name]')
    .option('-n, --namespace <namespace>', 'only this one')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (kind: string | undefined, name: string | undefined, options: GetVerbOptions) => {
      const format = outputFormat(options.output);
      const wanted = { kind: kind && kind !== 'all' ? kindNamed(kind) : undefined, name, namespace: options.namespace };
      const { revision, texts } = await withAdmin(io, options, (admin) => admin.revision());
      const found = revision.resources.filter(
        (resource) =>
          resource.kind === (wanted.kind ?? resource.kind) &&
          resource.metadata.name === (wanted.name ?? resource.metadata.name) &&
          resource.metadata.namespace === (wanted.namespace ?? resource.metadata.namespace),
      );
      const text = format === 'yaml' ? originalText(found, texts) : undefined;
      if (text === undefined) await print(io, format, found.map(asWritten), () => resourcesTable(found));
      else io.out(text);
      if (found.length === 0) io.err(`nothing of that is in force in revision ${revision.number}\n`);
      done(found.length === 0 && name !== undefined ? 1 : 0);
    });
};

/** What was applied, remarks and all; undefined where that is not known of every one. */
function originalText(resources: readonly Resource[], texts: ConfigReply['texts']): string | undefined {
  const documents = resources.map((resource) => texts[resourceKey(resource)]);
  if (documents.length === 0 || documents.includes(undefined)) return undefined;
  return `${documents.map((document) => document?.trim()).join('\n---\n')}\n`;
}

function resourcesTable(resources: readonly Resource[]): string {
  return table(
    ['NAMESPACE', 'KIND', 'NAME', 'FROM'],
    resources.map(({ metadata, kind, origin }) => [metadata.namespace, kind, metadata.name, `${origin.file}:${origin.line}`]),
  );
}
