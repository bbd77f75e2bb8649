import { isDeepStrictEqual } from 'node:util';
import { parseResources, type Resource, resourceKey, resourceName } from '@lateen/resources';
import { stringify } from 'yaml';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { readConfigFiles } from '../files.ts';
import { lineDiff } from '../line-diff.ts';
import type { Verb } from './verb.ts';

export const diffVerb: Verb = (program, io, done) => {
  program
    .command('diff')
    .description('what apply would change; exit 1 when it would change something')
    .requiredOption('-f, --filename <path...>', 'file, folder, or - for stdin')
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option(...STATE_OPTION)
    .action(async (options: { filename: string[]; namespace: string; state?: string }) => {
      const files = await readConfigFiles(io, options.filename);
      const written = files.flatMap(
        ({ file, text }) => parseResources(text, { file, defaultNamespace: options.namespace }).resources,
      );
      const { revision } = await withAdmin(io, options, (admin) => admin.revision());
      const inForce = new Map(revision.resources.map((resource) => [resourceKey(resource), resource]));
      const changed = written.filter((resource) => !sameMeaning(inForce.get(resourceKey(resource)), resource));
      for (const resource of changed) {
        const before = inForce.get(resourceKey(resource));
        io.out(`${before ? 'changed' : 'new'} ${resourceName(resource)} (${resource.origin.file}:${resource.origin.line})\n`);
        io.out(lineDiff(before ? yamlOf(before) : '', yamlOf(resource)));
      }
      done(changed.length === 0 ? 0 : 1);
    });
};

function sameMeaning(before: Resource | undefined, after: Resource): boolean {
  return before !== undefined && isDeepStrictEqual([before.metadata, before.spec], [after.metadata, after.spec]);
}

function yamlOf({ apiVersion, kind, metadata, spec }: Resource): string {
  return stringify({ apiVersion, kind, metadata, spec });
}
