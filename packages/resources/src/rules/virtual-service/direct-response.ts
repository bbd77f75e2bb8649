import { REFUSED_BY_ENVOY } from '../checks.ts';
import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

const KILOBYTE = 1_024;

/** An answer is small, and has a status that Envoy knows. */
export function directResponseRule({ directResponse }: HttpRoute, at: string, report: Report): void {
  const { status, body } = directResponse ?? {};
  if (status === 600)
    report.refused(REFUSED_BY_ENVOY, `${at}/directResponse/status`, 'there is no status 600', 'write one up to 599');
  const bytes = body?.bytes === undefined ? Buffer.byteLength(body?.string ?? '') : Buffer.from(body.bytes, 'base64').length;
  if (bytes > KILOBYTE * KILOBYTE) report.error(`${at}/directResponse/body`, 'the body must be smaller than 1MB');
  else if (bytes > 100 * KILOBYTE)
    report.warning(`${at}/directResponse/body`, 'bodies over 100kB burden everyone who reads the configuration');
}
