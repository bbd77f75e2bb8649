import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Header values by name; several lines of one name as a list. */
export type HeaderMap = Readonly<Record<string, string | readonly string[]>>;

/** How a backend answers; what is absent is as usual: 200 and an echo, at once. */
export interface Behaviour {
  readonly status?: number;
  readonly headers?: HeaderMap;
  readonly body?: string;
  readonly noBody?: boolean;
  readonly delayMs?: number;
  readonly reset?: 'rst' | 'fin' | 'midbody';
  readonly garbage?: boolean;
  readonly refuse?: boolean;
  readonly failFirst?: number;
}

/** Behaviours by instance name; `details-*` covers several, which then share one counter. */
export type Setup = Readonly<Record<string, Behaviour>>;

export interface RequestStep {
  readonly method?: string;
  readonly url?: string;
  readonly port?: number;
  readonly raw?: string;
  readonly headers?: HeaderMap;
  readonly body?: string;
  readonly repeat?: number;
  readonly concurrency?: number;
  readonly gapMs?: number;
  readonly settleMs?: number;
  readonly vary?: Readonly<Record<string, string>>;
  readonly from?: string;
  readonly keepAlive?: boolean;
}

export type Step =
  | RequestStep
  | { readonly setBackends: Setup }
  | { readonly waitMs: number }
  | { readonly dropConnections: true };

/** What Istio was seen to do; its shape is the corpus's README's. */
export type Observed = Readonly<Record<string, unknown>>;

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly yaml: string;
  readonly proxy?: 'gateway';
  readonly direction?: 'inbound';
  readonly client?: Partial<Workload>;
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  readonly proxyConfig?: Readonly<Record<string, unknown>>;
  readonly istiodEnv?: Readonly<Record<string, string>>;
  readonly setup?: Setup;
  readonly requests: readonly Step[];
  readonly validation?: { readonly verdict: string; readonly messages?: readonly string[] };
  readonly proxyRejectsConfig?: boolean;
  readonly observed: readonly (Observed | null)[] | null;
}

export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly locality: string;
}

export interface CommonInstance {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly locality?: string;
  readonly refusesConnections?: boolean;
}

export interface CommonService {
  readonly host: string;
  readonly namespace: string;
  readonly location: string;
  readonly resolution: string;
  readonly ports: readonly { readonly number: number; readonly name: string; readonly protocol: string }[];
  readonly exportTo?: readonly string[];
  readonly instances: readonly CommonInstance[];
}

export interface Common {
  readonly services: readonly CommonService[];
  readonly application: { readonly name: string };
  readonly standalone: { readonly instances: readonly string[] };
  readonly client: Workload;
  readonly gateway: Pick<Workload, 'namespace' | 'labels'>;
}

export interface Corpus {
  readonly common: Common;
  /** In the order of the files, `area/name`. */
  readonly cases: readonly Case[];
}

const COMMON_FILE = 'services.json';
/** The copy in the repository. */
export const OWN_CORPUS: string = join(import.meta.dirname, 'corpus');

/**
 * Reads a folder of recorded cases; `{fill:c:n}` is written out everywhere but in the YAML. A folder without common services has those of the
 * repository's copy.
 */
export function readCorpus(directory: string): Corpus {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json') && name !== COMMON_FILE);
  const cases = files.sort().flatMap((name) => readJson(join(directory, name)) as Case[]);
  return {
    common: readJson(join(existsSync(join(directory, COMMON_FILE)) ? directory : OWN_CORPUS, COMMON_FILE)) as Common,
    cases: cases.map((each) => ({ ...each, setup: filled(each.setup ?? {}), requests: filled(each.requests) })),
  };
}

export function areaOf({ id }: Case): string {
  return id.split('/', 1)[0] as string;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function filled<T>(value: T): T {
  if (typeof value === 'string') {
    return value.replace(/\{fill:(.):(\d+)\}/g, (_, character: string, count: string) => character.repeat(Number(count))) as T;
  }
  if (Array.isArray(value)) return value.map(filled) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each)])) as T;
}
