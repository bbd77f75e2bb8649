export type { InboundPool, InboundRules } from './admission/inbound-rules.ts';
export { createInbound } from './create-inbound.ts';
export { type CurrentRequest, currentRequest } from './current-request.ts';
export type { Inbound, InboundLimits, InboundListener, InboundOptions, InboundSelf, MtlsMode } from './inbound.ts';
export type { CreateServerOptions, InboundMesh } from './inbound-mesh.ts';
export { peerAuthenticationMode, type WorkloadSelection } from './peer-authentication.ts';
