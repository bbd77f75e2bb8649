/** `lateen/foundation`: what Lateen's own processes (the gateway) are built on. Internal: no promise of stability. */
export { type Foundation, layFoundation } from './foundation.ts';
export type { ReadinessCondition } from './readiness.ts';
export { decideSettings, type MeshSettings } from './settings.ts';
