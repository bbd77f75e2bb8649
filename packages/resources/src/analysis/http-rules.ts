import type { AnalysisContext } from './analysis-context.ts';
import type { VirtualServiceDraft } from './destinations.ts';
import type { HttpRule } from './reach/match-covers.ts';

/** A rule for HTTP, and where it stands. */
export interface PlacedRule {
  readonly service: VirtualServiceDraft;
  readonly rule: HttpRule;
  readonly index: number;
  /** `/spec/http/0` */
  readonly pointer: string;
}

export function rulesOf(service: VirtualServiceDraft): PlacedRule[] {
  return (service.spec.http ?? []).map((rule, index) => ({ service, rule, index, pointer: `/spec/http/${index}` }));
}

export function httpRules({ of }: AnalysisContext): PlacedRule[] {
  return of('VirtualService').flatMap(rulesOf);
}
