import { ConfigRefusedError } from '@lateen/control';
import { LateenError } from '@lateen/core';
import { mergeResources, parseResources, type Resource } from '@lateen/resources';
import { readConfigFiles } from './files.ts';
import type { CliIo } from './io.ts';

/**
 * The resources that files hold, for verbs that act on them by name; of two with one name the later counts.
 *
 * @throws {ConfigRefusedError} with all findings when one is an Error: half a file is not what the user named.
 */
export async function readResources(io: CliIo, paths: readonly string[], defaultNamespace: string): Promise<Resource[]> {
  const files = await readConfigFiles(io, paths);
  const parsed = files.map(({ file, text }) => parseResources(text, { file, defaultNamespace }));
  const findings = parsed.flatMap((part) => part.findings);
  if (findings.some(({ level }) => level === 'Error')) {
    throw new ConfigRefusedError(`nothing was done: ${paths.join(', ')} has errors; mend them first`, findings);
  }
  const resources = mergeResources(
    [],
    parsed.flatMap((part) => part.resources),
  );
  if (resources.length > 0) return resources;
  throw new LateenError('LATEEN_CONFIG_INVALID', `${paths.join(', ')} holds no resource`, { hint: 'name another file' });
}
