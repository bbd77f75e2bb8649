import type { Report } from '../report.ts';
import type { PolicyBlocks } from './destination-rule-rules.ts';

/** Failures of our own are counted apart only where they are split off. */
export function outlierRule({ outlierDetection }: PolicyBlocks, at: string, report: Report): void {
  if (!outlierDetection) return;
  const here = `${at}/outlierDetection`;
  if (outlierDetection.consecutiveErrors)
    report.warning(
      `${here}/consecutiveErrors`,
      'outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or consecutive5xxErrors instead',
    );
  if ((outlierDetection.consecutiveLocalOriginFailures ?? 0) > 0 && !outlierDetection.splitExternalLocalOriginErrors)
    report.error(
      `${here}/consecutiveLocalOriginFailures`,
      'outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false',
      'write splitExternalLocalOriginErrors: true',
    );
}
