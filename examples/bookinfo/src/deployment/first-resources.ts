import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AdminClient, ConfigFile } from '@lateen/control';
import { StartError } from './start-error.ts';

const MESH = join(import.meta.dirname, '../../mesh');
/** What the page needs to show: a way in, names for the versions, and mTLS for everyone. */
const FIRST = ['bookinfo-gateway.yaml', 'destination-rule-all.yaml', 'peer-authentication-strict.yaml'];

/**
 * Gives a new lateend its first resources, or a given folder's at any start; what was applied before stays. Resolves with a sentence about it.
 *
 * @throws {StartError} when the folder has no YAML, and what lateend says when it refuses.
 */
export async function applyFirstResources(admin: AdminClient, configDir: string | undefined): Promise<string> {
  const { revision } = await admin.revision();
  if (revision.number > 0 && configDir === undefined) {
    const files = new Set(revision.resources.map(({ origin }) => origin.file));
    return `revision ${revision.number}, ${count(files.size, 'file')} applied; \`npm run reset\` forgets them`;
  }
  const files = configDir === undefined ? FIRST.map((name) => readYaml(join(MESH, name))) : yamlFiles(configDir);
  const reply = await admin.apply(files, { author: 'npm start' });
  return `revision ${reply.revision}: ${files.map(({ file }) => file).join(', ')}`;
}

function yamlFiles(folder: string): ConfigFile[] {
  const names = readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort();
  if (names.length === 0) throw new StartError(`--config ${folder} holds no .yaml file`);
  return names.map((name) => readYaml(join(folder, name)));
}

function readYaml(path: string): ConfigFile {
  return { file: relative(process.env['INIT_CWD'] ?? process.cwd(), path), text: readFileSync(path, 'utf8') };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
