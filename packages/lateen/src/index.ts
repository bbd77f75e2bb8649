export {
  type AttemptSummary,
  isLateenError,
  LateenError,
  type LateenErrorCode,
  type Logger,
  type LogLevel,
  type MeshEventName,
  type MeshEvents,
} from '@lateen/core';
export type { MeshConfig } from '@lateen/routing';
export type { AccessLogEntry } from '@lateen/telemetry';
export { createMesh } from './create-mesh.ts';
export type { Mesh } from './mesh.ts';
export type { DiscoverySource, IdentityOption, MeshOptions } from './options.ts';
