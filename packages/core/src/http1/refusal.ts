/** An answer to a request that goes no further, in Envoy's words. */
export interface Http1Refusal {
  readonly status: number;
  readonly body: string;
  /** `DPE` where the caller broke the protocol, `-` where it only asked for something that cannot be. */
  readonly flag: 'DPE' | '-';
}

const BAD_REQUEST: Http1Refusal = { status: 400, body: 'Bad Request', flag: 'DPE' };
const UPGRADE_REQUIRED: Http1Refusal = { status: 426, body: 'Upgrade Required', flag: 'DPE' };
const HEADERS_TOO_LARGE: Http1Refusal = { status: 431, body: 'Request Header Fields Too Large', flag: 'DPE' };
const NOT_IMPLEMENTED: Http1Refusal = { status: 501, body: 'Not Implemented', flag: 'DPE' };

export const REFUSALS = {
  badRequest: BAD_REQUEST,
  upgradeRequired: UPGRADE_REQUIRED,
  headersTooLarge: HEADERS_TOO_LARGE,
  notImplemented: NOT_IMPLEMENTED,
  /** The head did not come in time. */
  timeout: { status: 408, body: 'Request Timeout', flag: '-' },
  /** No `Host` line. */
  noHost: { status: 400, body: '', flag: '-' },
  /** A path that cannot be normalised. */
  badPath: { status: 400, body: '', flag: '-' },
  /** A target such as `*`, which no rule can match. */
  noPath: { status: 404, body: '', flag: '-' },
} as const satisfies Readonly<Record<string, Http1Refusal>>;

/** What node's parser reports, as far as it is looked at. */
export interface ParseError {
  readonly code?: string;
  /** What was being read when it failed. */
  readonly rawPacket?: Uint8Array;
}

const OTHER_VERSION = /^[^\r\n]* HTTP\/\d\.\d\r?\n/;

/** The refusal of what node's HTTP/1.1 parser could not read; undefined for an error of the connection, which nobody would get an answer on. */
export function refusalOfParseError({ code = '', rawPacket }: ParseError): Http1Refusal | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return REFUSALS.timeout;
  if (!code.startsWith('HPE_')) return undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return HEADERS_TOO_LARGE;
  if (code === 'HPE_INVALID_TRANSFER_ENCODING') return NOT_IMPLEMENTED;
  if (code === 'HPE_INVALID_VERSION' && rawPacket && OTHER_VERSION.test(Buffer.from(rawPacket).toString('latin1'))) {
    return UPGRADE_REQUIRED;
  }
  return BAD_REQUEST;
}

/** What node:http knows as well; it is not loaded for five words. */
const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  408: 'Request Timeout',
  426: 'Upgrade Required',
  431: 'Request Header Fields Too Large',
  501: 'Not Implemented',
};

/** The refusal as it goes over a connection that is closed afterwards. */
export function refusalText({ status, body }: Http1Refusal): string {
  const type = body === '' ? '' : 'content-type: text/plain\r\n';
  const head = `HTTP/1.1 ${status} ${REASONS[status] ?? ''}\r\ncontent-length: ${body.length}\r\n${type}connection: close\r\n\r\n`;
  return head + body;
}
