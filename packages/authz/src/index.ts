export type { Authorizer } from './authorizer.ts';
export { compileAuthorization } from './compile-authorization.ts';
export type { CustomOptions, CustomVerdict } from './custom/custom-rules.ts';
export type { ExtAuthzHttpSettings, ExtAuthzProvider, ExtensionProviderSettings } from './custom/provider.ts';
export * from './decision.ts';
export type { AuthorizationExplanation, RuleExplanation } from './explain/explain-decision.ts';
export * from './facts.ts';
export type { PolicyWorkload } from './workload.ts';
