import { escapePointer } from '../../yaml/positions.ts';
import { REFUSED_BY_ENVOY } from '../checks.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { Headers, HttpRoute } from './drafts.ts';

const NAME = /^:?[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The variables that a process can fill in, and those that are empty in one. */
const VARIABLE = /%%|%([A-Z][A-Z0-9_]*)(?:\([^)]*\))?(?::\d+)?%/g;
const KNOWN = new Set(
  [
    'REQ RESP TRAILER PROTOCOL UPSTREAM_PROTOCOL START_TIME RESPONSE_CODE RESPONSE_CODE_DETAILS RESPONSE_FLAGS HOSTNAME ENVIRONMENT',
    'DOWNSTREAM_REMOTE_ADDRESS DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT DOWNSTREAM_REMOTE_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS',
    'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT DOWNSTREAM_LOCAL_ADDRESS DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT',
    'DOWNSTREAM_LOCAL_PORT DOWNSTREAM_LOCAL_URI_SAN DOWNSTREAM_PEER_URI_SAN DOWNSTREAM_LOCAL_SUBJECT DOWNSTREAM_PEER_SUBJECT',
    'DOWNSTREAM_PEER_ISSUER DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_CERT DOWNSTREAM_PEER_CERT_V_START DOWNSTREAM_PEER_CERT_V_END',
    'DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_FINGERPRINT_1 DOWNSTREAM_TLS_SESSION_ID DOWNSTREAM_TLS_CIPHER',
    'DOWNSTREAM_TLS_VERSION UPSTREAM_HOST UPSTREAM_REMOTE_ADDRESS UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT UPSTREAM_REMOTE_PORT',
    'UPSTREAM_LOCAL_ADDRESS UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT UPSTREAM_LOCAL_PORT UPSTREAM_CLUSTER UPSTREAM_METADATA',
    'UPSTREAM_CLUSTER_RAW UPSTREAM_REQUEST_ATTEMPT_COUNT UPSTREAM_TRANSPORT_FAILURE_REASON DYNAMIC_METADATA CLUSTER_METADATA',
    'PER_REQUEST_STATE FILTER_STATE ROUTE_NAME VIRTUAL_CLUSTER_NAME REQUESTED_SERVER_NAME REQUEST_DURATION RESPONSE_DURATION',
    'BYTES_RECEIVED BYTES_SENT CONNECTION_ID STREAM_ID TRACE_ID CONNECTION_TERMINATION_DETAILS GRPC_STATUS LOCAL_REPLY_BODY',
    'DURATION EMIT_TIME COMMON_DURATION METADATA QUERY_PARAM PATH CUSTOM_FLAGS UNIQUE_ID',
  ].flatMap((line) => line.split(' ')),
);

/** Names that HTTP has no room for, and variables that nobody knows: Istio takes both, Envoy neither. */
export function headerNameRule({ headers, route }: HttpRoute, at: string, report: Report): void {
  if (headers) operations(headers, `${at}/headers`, report);
  for (const [destination, place] of each(route, `${at}/route`))
    if (destination.headers) operations(destination.headers, `${place}/headers`, report);
}

function operations({ request, response }: Headers, at: string, report: Report): void {
  for (const [side, block] of Object.entries({ request, response }))
    for (const verb of ['set', 'add'] as const)
      for (const [name, value = ''] of Object.entries(block?.[verb] ?? {}))
        header(name, value, `${at}/${side}/${verb}/${escapePointer(name)}`, report);
}

function header(name: string, value: string, at: string, report: Report): void {
  if (name !== '' && !NAME.test(name))
    report.own(
      REFUSED_BY_ENVOY,
      at,
      `${JSON.stringify(name)} cannot be the name of a header`,
      'write letters, digits and dashes',
    );
  for (const [variable, word] of value.matchAll(VARIABLE))
    if (word !== undefined && !KNOWN.has(word))
      report.refused(REFUSED_BY_ENVOY, at, `there is no variable ${variable}`, 'write a percent sign as %%');
}
