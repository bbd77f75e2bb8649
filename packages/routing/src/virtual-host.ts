import type { CompiledRule, CompiledRules, SkippedRule } from './route-compiler.ts';
import { ruleFinder, type RuleFinder } from './rule-index.ts';
import type { Match, RouteRequest } from './route.ts';

/** All rules for one host on one port. */
export class VirtualHost {
  /** Canonical host. */
  readonly host: string;
  readonly domains: readonly string[];
  readonly port: number;
  readonly rules: readonly CompiledRule[];
  readonly skipped: readonly SkippedRule[];
  /** The answer where no rule takes a request. */
  readonly noRoute: Match;
  readonly #finder: RuleFinder;

  constructor(host: string, domains: readonly string[], port: number, compiled: CompiledRules) {
    this.host = host;
    this.domains = domains;
    this.port = port;
    this.rules = compiled.rules;
    this.skipped = compiled.skipped;
    this.#finder = ruleFinder(compiled.rules);
    this.noRoute = { kind: 'no-route', host };
  }

  match(request: RouteRequest): Match {
    return this.#finder.find(request)?.match ?? this.noRoute;
  }
}
