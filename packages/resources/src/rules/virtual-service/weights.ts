import type { Report } from '../report.ts';
import type { ConnectionDestination } from './drafts.ts';

/** One destination gets all; of several the weights decide, and an absent one is none. */
export function weightRule(
  route: readonly Pick<ConnectionDestination, 'weight'>[] | undefined,
  at: string,
  report: Report,
): void {
  if (!route || route.length < 2) return;
  const total = route.reduce((sum, { weight = 0 }) => sum + weight, 0);
  if (total === 0) report.error(`${at}/route`, 'total destination weight = 0', 'give each destination a weight');
}
