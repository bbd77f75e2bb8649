import { makeRevision, type Resource, resourceKey, resourceName } from '@lateen/resources';
import { stringify } from 'yaml';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { FILENAME_OPTION } from '../files.ts';
import { lineDiff } from '../line-diff.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { readResources } from '../read-resources.ts';
import { asWritten } from '../written.ts';
import type { Verb } from './verb.ts';

interface Difference {
  readonly before: Resource | undefined;
  readonly after: Resource;
}

export const diffVerb: Verb = (program, io, done) => {
  program
    .command('diff')
    .description('what apply would change; exit 1 when it would change something')
    .requiredOption(...FILENAME_OPTION)
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { filename: string[]; namespace: string; output: string; state?: string }) => {
      const format = outputFormat(options.output);
      const written = await readResources(io, options.filename, options.namespace);
      const { revision } = await withAdmin(io, options, (admin) => admin.revision());
      const inForce = new Map(revision.resources.map((resource) => [resourceKey(resource), resource]));
      const differences = written
        .map((after) => ({ before: inForce.get(resourceKey(after)), after }))
        .filter(({ before, after }) => before === undefined || meaning(before) !== meaning(after));
      await print(io, format, differences.map(asData), () => differences.map(asText).join(''));
      if (differences.length === 0) io.err(`nothing differs from revision ${revision.number}\n`);
      done(differences.length === 0 ? 0 : 1);
    });
};

/** lateend's own judgement: the same for two resources that say the same. */
function meaning(resource: Resource): string {
  return makeRevision([resource], { number: 0, author: '', time: 0 }).hash;
}

function asData({ before, after }: Difference): object {
  return { action: before ? 'configured' : 'created', before: before ? asWritten(before) : null, after: asWritten(after) };
}

function asText({ before, after }: Difference): string {
  const heading = `${before ? 'changed' : 'new'} ${resourceName(after)} (${after.origin.file}:${after.origin.line})\n`;
  return heading + lineDiff(before ? stringify(asWritten(before)) : '', stringify(asWritten(after)));
}
