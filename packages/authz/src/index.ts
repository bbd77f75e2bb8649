export type { Authorizer } from './authorizer.ts';
export { compileAuthorization } from './compile-authorization.ts';
export { type AuthenticationSettings, compileRequestAuthentication } from './compile-request-authentication.ts';
export {
  bodyWanted,
  type CheckCall,
  type CheckedRequest,
  checkRequest,
  type CheckVerdict,
  type SendCheck,
} from './custom/check.ts';
export type { CustomOptions, CustomVerdict } from './custom/custom-rules.ts';
export type { ExtAuthzHttpSettings, ExtAuthzProvider, ExtensionProviderSettings } from './custom/provider.ts';
export * from './decision.ts';
export type { AuthorizationExplanation, RuleExplanation } from './explain/explain-decision.ts';
export * from './facts.ts';
export { claimTexts } from './jwt/claim-texts.ts';
export type { FetchKeys, JwksSettings } from './jwt/jwks-source.ts';
export { JwksStore } from './jwt/jwks-store.ts';
export type { JwtRefusal } from './jwt/jwt-refusal.ts';
export type { JwtStatus } from './jwt/jwt-status.ts';
export type { AuthenticationOutcome, AuthenticationRequest, RequestAuthenticator } from './jwt/request-authenticator.ts';
export { type PeerAuthenticationResult, type PeerMode, resolvePeerAuthentication } from './peer/resolve-peer-authentication.ts';
export { type RefusalReply, refusalReply } from './refusal-reply.ts';
export { remoteAddress } from './remote-address.ts';
export type { PolicyWorkload } from './workload.ts';
