import type { Verb } from './verb.ts';

/** Every verb, loaded only when it is the one that is asked for, so that the command starts at once. */
export const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  analyze: async () => (await import('./analyze.ts')).analyzeVerb,
  apply: async () => (await import('./apply.ts')).applyVerb,
  ca: async () => (await import('./ca.ts')).caVerb,
  check: async () => (await import('./check.ts')).checkVerb,
  config: async () => (await import('./config.ts')).configVerb,
  delete: async () => (await import('./delete.ts')).deleteVerb,
  diff: async () => (await import('./diff.ts')).diffVerb,
  explain: async () => (await import('./explain.ts')).explainVerb,
  get: async () => (await import('./get.ts')).getVerb,
  status: async () => (await import('./status.ts')).statusVerb,
  validate: async () => (await import('./validate.ts')).validateVerb,
  version: async () => (await import('./version.ts')).versionVerb,
};
