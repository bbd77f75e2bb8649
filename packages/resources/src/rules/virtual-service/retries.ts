import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

/** Zero attempts, which is also what an absent number means here, switch retries off: then nothing else makes sense. */
export function retryRule({ retries }: HttpRoute, at: string, report: Report): void {
  if (!retries || (retries.attempts ?? 0) !== 0) return;
  if (retries.retryOn || retries.perTryTimeout !== undefined || retries.retryRemoteLocalities !== undefined)
    report.error(`${at}/retries`, 'http retry policy configured when attempts are set to 0 (disabled)', 'write attempts');
}
