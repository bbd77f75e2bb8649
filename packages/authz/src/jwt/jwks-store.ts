import { JwksSource, type JwksSettings } from './jwks-source.ts';
import type { JwtRule } from './jwt-rule.ts';
import { KeySet } from './key-set.ts';

/** Where a rule's keys come from. */
export interface RuleKeys {
  readonly current: KeySet | undefined;
  keys(): Promise<KeySet | undefined>;
  newerKeys(): Promise<KeySet | undefined>;
}

/** The key sets of a workload by URL. They outlive revisions, so that a new policy doesn't fetch what is known. */
export class JwksStore {
  readonly #settings: JwksSettings;
  readonly #sources = new Map<string, JwksSource>();

  constructor(settings: JwksSettings) {
    this.#settings = settings;
  }

  /** Inline keys win over a URL; with neither, the issuer's OpenID document tells the URL. */
  keysOf(rule: JwtRule): RuleKeys {
    if (rule.jwks !== undefined) return inline(rule.jwks);
    const { jwksUri, issuer } = rule;
    if (jwksUri !== undefined) return this.#source(jwksUri, rule, async () => jwksUri);
    return this.#source(`${issuer} by discovery`, rule, async (get) =>
      discovered(await get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)),
    );
  }

  /** Lets go of the sources that no rule of `rules` names. */
  retain(rules: readonly JwtRule[]): void {
    const names = new Set(rules.map(({ jwksUri, issuer }) => jwksUri ?? `${issuer} by discovery`));
    for (const [name, source] of this.#sources) {
      if (names.has(name)) continue;
      source.stop();
      this.#sources.delete(name);
    }
  }

  stop(): void {
    this.retain([]);
  }

  #source(name: string, { fetchTimeoutMs }: JwtRule, at: ConstructorParameters<typeof JwksSource>[0]): JwksSource {
    const source = this.#sources.get(name) ?? new JwksSource(at, fetchTimeoutMs, this.#settings);
    this.#sources.set(name, source);
    return source;
  }
}

function inline(jwks: string): RuleKeys {
  const keys = KeySet.parse(jwks) ?? new KeySet([]);
  return { current: keys, keys: async () => keys, newerKeys: async () => keys };
}

/** @throws where the document names no URL. */
function discovered(document: string): string {
  const value: unknown = JSON.parse(document);
  const uri = typeof value === 'object' && value !== null && 'jwks_uri' in value ? value.jwks_uri : undefined;
  if (typeof uri !== 'string' || !/^https?:\/\//.test(uri)) throw new Error('the OpenID configuration has no jwks_uri');
  return uri;
}
