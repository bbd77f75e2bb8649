import { FIELD_WITHOUT_EFFECT, REFUSED_BY_ENVOY } from '../checks.ts';
import type { Report } from '../report.ts';
import type { HttpRoute } from './drafts.ts';

type Fault = NonNullable<HttpRoute['fault']>;

/** A fault does something, and to a share of requests that can be told from none. */
export function faultRule({ fault }: HttpRoute, at: string, report: Report): void {
  if (!fault) return;
  const here = `${at}/fault`;
  if (!fault.delay && !fault.abort) report.error(here, 'HTTP fault injection must have an abort and/or a delay');
  for (const kind of ['delay', 'abort'] as const) {
    const share = fault[kind]?.percentage?.value ?? 0;
    if (share > 0 && share < 0.0001)
      report.error(`${here}/${kind}/percentage`, `percentage ${share} is neither 0.0, nor in range [0.0001, 100.0]`);
  }
  emptyFaults(fault, here, report);
}

function emptyFaults({ abort, delay }: Fault, at: string, report: Report): void {
  if (abort && abort.httpStatus === undefined && abort.grpcStatus === undefined && abort.http2Error === undefined)
    report.own(FIELD_WITHOUT_EFFECT, `${at}/abort`, 'abort configured, but error type not set', 'write httpStatus');
  if (abort?.httpStatus === 600)
    report.refused(REFUSED_BY_ENVOY, `${at}/abort/httpStatus`, 'there is no status 600', 'write one up to 599');
  if (delay && delay.fixedDelay === undefined && delay.exponentialDelay === undefined)
    report.own(FIELD_WITHOUT_EFFECT, `${at}/delay`, 'delay configured, but no time', 'write fixedDelay');
  const { percent = 0 } = delay ?? {};
  if (percent < 0 || percent > 100)
    report.refused(
      REFUSED_BY_ENVOY,
      `${at}/delay/percent`,
      `percent ${percent} is not in the range 0 to 100`,
      'write percentage',
    );
}
