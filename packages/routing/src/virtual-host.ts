import { isWildcard } from './host-names.ts';
import type { CompiledRules, CompiledRule, SkippedRule } from './route-compiler.ts';
import { sameItems } from './same-items.ts';
import { ruleFinder, type RuleFinder } from './rule-index.ts';
import { requestScheme } from './request-conditions.ts';
import type { Match, Route, RouteRequest } from './route.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/** All rules for one host on one port. */
export class VirtualHost {
  /** Canonical host. */
  readonly host: string;
  /** Names that are its own: canonical host and addresses. */
  readonly names: readonly string[];
  /** Spellings that give way to another host's own name. */
  readonly shortNames: readonly string[];
  readonly port: number;
  readonly rules: readonly CompiledRule[];
  readonly skipped: readonly SkippedRule[];
  /** The answer where no rule takes a request. */
  readonly noRoute: Match;
  /** Whose rules they are; undefined without any, and at gateways, where several add up. */
  readonly owner: VisibleVirtualService | undefined;
  /** A Gateway's `httpsRedirect`: the answer to whatever came without TLS. */
  readonly tlsRedirect: Match | undefined;
  readonly #compiled: CompiledRules;
  readonly #finder: RuleFinder;
  /** Own names, and short ones, with and without the port: what a look-up finds it by. */
  readonly keys: readonly string[];
  readonly shortKeys: readonly string[];

  constructor(
    host: string,
    names: readonly string[],
    shortNames: readonly string[],
    port: number,
    compiled: CompiledRules,
    { owner, tlsRedirect }: { owner?: VisibleVirtualService | undefined; tlsRedirect?: Route | undefined } = {},
  ) {
    this.host = host;
    this.names = names;
    this.shortNames = shortNames;
    this.port = port;
    this.rules = compiled.rules;
    this.skipped = compiled.skipped;
    this.owner = owner;
    this.#compiled = compiled;
    this.#finder = ruleFinder(compiled.rules);
    this.noRoute = { kind: 'no-route', host };
    this.tlsRedirect = tlsRedirect && { kind: 'route', route: tlsRedirect, matchIndex: 0 };
    this.keys = withPort(names, port);
    this.shortKeys = withPort(shortNames, port);
  }

  match(request: RouteRequest): Match {
    if (this.tlsRedirect && requestScheme(request) !== 'https') return this.tlsRedirect;
    return this.#finder.find(request)?.match ?? this.noRoute;
  }

  /** Whether a new one of these parts would be the same. */
  isMadeOf(compiled: CompiledRules, addresses: readonly string[], isService: boolean): boolean {
    if (this.#compiled !== compiled || this.names.length !== addresses.length + 1) return false;
    if (!isService && this.shortNames.length > 0) return false;
    return addresses.every((address, index) => this.names[index + 1] === address);
  }

  /** Whether a look-up that finds this one finds the other by the same names. */
  hasKeysOf(other: VirtualHost): boolean {
    return this.host === other.host && sameItems(this.names, other.names) && this.shortNames.length === other.shortNames.length;
  }
}

function withPort(names: readonly string[], port: number): string[] {
  return names.flatMap((name) => (isWildcard(name) ? [name] : [name, `${name}:${port}`]));
}
