import type { Clock, Logger } from '@lateen/core';
import type { ControlClient } from '@lateen/control';
import { fileIdentity, type IdentitySource } from '@lateen/identity';
import type { MeshSettings } from '../settings.ts';

/** The process's identity: files where given, else lateend's where there is a control plane, else none (plaintext). */
export function identitySource(
  settings: MeshSettings,
  control: ControlClient | undefined,
  clock: Clock,
  logger: Logger,
): IdentitySource | undefined {
  const { identity } = settings;
  if (identity === false) return undefined;
  if (identity && 'cert' in identity) return fileIdentity({ ...identity, clock, logger });
  return control?.identity;
}
