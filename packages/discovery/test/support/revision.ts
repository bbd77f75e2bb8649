import { parseResources, type Revision } from '@lateen/resources';

/** The revision that a YAML text is; it must be without Errors. */
export function revisionOf(yaml: string): Revision {
  // An empty document at the end is none.
  const { resources, findings } = parseResources(yaml.replace(/---\n$/, ''), { file: 'mesh.yaml', defaultNamespace: 'default' });
  const errors = findings.filter(({ level }) => level === 'Error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return { number: 1, hash: '', resources, author: '', time: 0 };
}
