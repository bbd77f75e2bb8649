import { readFile } from 'node:fs/promises';

/** The version in package.json, one folder up from source and build alike. */
export async function packageVersion(): Promise<string> {
  const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}
