import { readFileSync } from 'node:fs';

/** Where the recorded cases are; another folder of the same shape with `SECURITY_CORPUS`. */
const FOLDER =
  process.env['SECURITY_CORPUS'] ?? new URL('../../../../test/conformance/security/corpus', import.meta.url).pathname;

export interface CaseRequest {
  readonly method?: string;
  readonly url?: string;
  readonly port?: number;
  readonly raw?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly from?: string;
  readonly tls?: { readonly certificate?: string; readonly sni?: string };
  readonly setBackends?: Backends;
  readonly waitMs?: number;
}

export interface Backend {
  readonly body?: string;
  readonly status?: number;
  readonly refuse?: boolean;
  readonly delayMs?: number;
  readonly extAuthz?: {
    readonly denyStatus?: number;
    readonly allow?: Readonly<Record<string, string>>;
    readonly deny?: Readonly<Record<string, string>>;
  };
}

export type Backends = Readonly<Record<string, Backend>>;

export interface SeenRequest {
  readonly instance?: string;
  readonly method: string;
  readonly path: string;
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string;
}

export interface Observed {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly upstream?: SeenRequest;
  readonly calls?: readonly SeenRequest[] | Readonly<Record<string, number>>;
  readonly details?: string;
  readonly termination?: string;
  readonly flags?: string;
  readonly allowedBy?: string;
  readonly dryRun?: Readonly<Record<string, { readonly result: string; readonly policy?: string }>>;
}

export interface SecurityCase {
  readonly id: string;
  readonly title: string;
  readonly base: string;
  readonly direction?: string;
  readonly proxy?: string;
  readonly yaml: string;
  readonly setup?: Backends;
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  readonly istiodEnv?: Readonly<Record<string, string>>;
  readonly requests: readonly CaseRequest[];
  readonly observed: readonly (Observed | null)[];
  readonly validation?: { readonly verdict: string; readonly messages?: readonly string[] };
  readonly proxyRejectsConfig?: boolean;
}

export interface Keys {
  readonly privateKeys: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly keySets: Readonly<Record<string, object>>;
  readonly tokens: Readonly<Record<string, TokenRecipe>>;
  readonly certificates: { readonly leaves: Readonly<Record<string, { readonly san: readonly string[] }>> };
}

export interface TokenRecipe {
  readonly key?: string;
  readonly alg?: string;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: unknown;
  readonly tamper?: 'signature' | 'payload';
  readonly signature?: string;
  readonly secret?: string;
}

export interface Services {
  readonly services: readonly { readonly host: string }[];
  readonly workload: Workload;
  readonly gateway: Workload;
  readonly bases: Readonly<Record<string, string>>;
}

interface Workload {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

export function readArea(area: string): readonly SecurityCase[] {
  return read(`${area}.json`) as readonly SecurityCase[];
}

export const KEYS = read('keys.json') as Keys;
export const SERVICES = read('services.json') as Services;

function read(name: string): unknown {
  return JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
}
