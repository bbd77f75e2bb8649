import { parseDurationMs } from '@lateen/core';
import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** Browsers are told whole seconds. */
export function corsRule({ corsPolicy }: HttpRoute, at: string, report: Report): void {
  const maxAgeMs = parseDurationMs(corsPolicy?.maxAge ?? '0') ?? 0;
  if (Math.abs(maxAgeMs / 1_000 - Math.round(maxAgeMs / 1_000)) > 1e-9)
    report.error(`${at}/corsPolicy/maxAge`, 'max_age duration is accurate only to seconds precision');
}
