export { ClientSession, type ClientSessionOptions } from './client/client-session.ts';
export type {
  DispatchController,
  DispatchHandler,
  DispatchRequest,
  RequestBody,
  RequestHeaders,
  ResponseHeaders,
} from './client/dispatch.ts';
export type { ConnectionOptions } from './connection/connection-options.ts';
export type { ConnectionEvents, Violation } from './connection/connection-events.ts';
export { DEFAULT_LIMITS, type Http2Limits, type Rate } from './connection/limits.ts';
export { errorCodeName } from './protocol/error-code.ts';
export { PREFACE } from './protocol/frame-type.ts';
export { Http2Error, type Processed } from './protocol/http2-error.ts';
export { emitRequests } from './server/emit-requests.ts';
export { ServerSession, type ServerSessionOptions } from './server/server-session.ts';
export { connectionSocketOf } from './server/stream-socket.ts';
