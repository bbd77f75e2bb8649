import { type ActionRules, compileActions } from './compile/action-rules.ts';
import { actionOf, type Policy } from './compile/policies.ts';
import { type CustomOptions, CustomRules, type CustomVerdict } from './custom/custom-rules.ts';
import { decide } from './decide.ts';
import { ALLOWED, type Decision } from './decision.ts';
import { type AuthorizationExplanation, explainDecision } from './explain/explain-decision.ts';
import type { ConnectionFacts, RequestFacts } from './facts.ts';
import { NO_FACTS, Subject } from './match/subject.ts';
import type { PolicyWorkload } from './workload.ts';

/**
 * The AuthorizationPolicies of one workload, compiled. In Istio's order a server asks `custom` first, looks at tokens then, and asks `decide`
 * last. Decisions are synchronous and share one working object: never call from within a decision.
 */
export class Authorizer {
  /** No policy holds here: every answer is "allowed", and a server may leave the questions out. */
  readonly trivial: boolean;
  /** Sentences about policies that can't do what they say. */
  readonly problems: readonly string[];
  readonly #policies: readonly Policy[];
  readonly #workload: PolicyWorkload;
  readonly #options: CustomOptions;
  readonly #http: ActionRules;
  readonly #custom: CustomRules | undefined;
  readonly #subject = new Subject();
  #tcp: TcpRules | undefined;

  constructor(policies: readonly Policy[], workload: PolicyWorkload, options: CustomOptions) {
    this.#policies = policies;
    this.#workload = workload;
    this.#options = options;
    this.trivial = policies.length === 0;
    this.#http = compileActions(policies, workload, false);
    const custom = customPolicies(policies);
    this.#custom = custom.length > 0 ? new CustomRules(custom, workload, options) : undefined;
    this.problems = this.#custom?.problem ? [this.#custom.problem] : [];
  }

  /** Whether any request may have to be asked about. */
  get hasCustom(): boolean {
    return this.#custom !== undefined;
  }

  /** Whom CUSTOM policies want asked about this request, before anything else; undefined: nobody. */
  custom(facts: RequestFacts): CustomVerdict | undefined {
    if (!this.#custom) return undefined;
    this.#subject.begin(facts);
    const verdict = this.#custom.verdict(this.#subject);
    this.#subject.begin(NO_FACTS);
    return verdict;
  }

  /** DENY, then ALLOW. */
  decide(facts: RequestFacts): Decision {
    if (this.trivial) return ALLOWED;
    this.#subject.begin(facts);
    const decision = decide(this.#http, this.#subject);
    this.#subject.begin(NO_FACTS);
    return decision;
  }

  /**
   * For a port that speaks no HTTP, once a connection. An ALLOW rule with a field of requests is dropped, a DENY rule does without it, and
   * CUSTOM with an HTTP provider has no say unless it is misconfigured.
   */
  decideConnection(facts: ConnectionFacts): Decision {
    if (this.trivial) return ALLOWED;
    this.#tcp ??= compileTcp(this.#policies, this.#workload, this.#options);
    this.#subject.beginConnection(facts);
    const verdict = this.#tcp.custom?.verdict(this.#subject);
    const decision = verdict?.kind === 'refused' ? verdict.decision : decide(this.#tcp.actions, this.#subject);
    this.#subject.begin(NO_FACTS);
    return decision;
  }

  /** Every policy's part in a decision, and what would have allowed it. Slow: for people. */
  explain(facts: RequestFacts): AuthorizationExplanation {
    this.#subject.begin(facts);
    const explanation = explainDecision(this.#http, this.#custom?.verdict(this.#subject), this.#subject);
    this.#subject.begin(NO_FACTS);
    return explanation;
  }
}

interface TcpRules {
  readonly actions: ActionRules;
  readonly custom: CustomRules | undefined;
}

function compileTcp(policies: readonly Policy[], workload: PolicyWorkload, options: CustomOptions): TcpRules {
  const custom = customPolicies(policies);
  return {
    actions: compileActions(policies, workload, true),
    custom: custom.length > 0 ? new CustomRules(custom, workload, options, true) : undefined,
  };
}

function customPolicies(policies: readonly Policy[]): readonly Policy[] {
  return policies.filter((policy) => actionOf(policy) === 'CUSTOM');
}
