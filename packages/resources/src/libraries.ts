import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';

/*
 * What reading YAML needs, loaded at the first text and not at the import: a process that gets its configuration from lateend never reads
 * any, and 80 ms of CPU at every start are worth it.
 */
const require = createRequire(import.meta.url);

export const yamlLibrary = (): typeof import('yaml') => require('yaml');
/** Our own half of it, fifty files of rules, by its public name: a bundle of this package finds it there, too. */
export const objectParser = (): typeof import('./parse-object.ts') => require('@lateen/resources/parse-object');
export const re2Library = (): { readonly RE2JS: typeof RE2JS } => require('re2js');
