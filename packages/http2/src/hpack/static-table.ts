/** A field of the static table. */
export type StaticField = readonly [name: string, value: string];

const STATUSES = ['200', '204', '206', '304', '400', '404', '500'];

const NAMES_AFTER_STATUS = [
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'accept-ranges',
  'accept',
  'access-control-allow-origin',
  'age',
  'allow',
  'authorization',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-location',
  'content-range',
  'content-type',
  'cookie',
  'date',
  'etag',
  'expect',
  'expires',
  'from',
  'host',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'last-modified',
  'link',
  'location',
  'max-forwards',
  'proxy-authenticate',
  'proxy-authorization',
  'range',
  'referer',
  'refresh',
  'retry-after',
  'server',
  'set-cookie',
  'strict-transport-security',
  'transfer-encoding',
  'user-agent',
  'vary',
  'via',
  'www-authenticate',
];

const valueOf = (name: string): string => (name === 'accept-encoding' ? 'gzip, deflate' : '');

/** RFC 7541 appendix A. The field of index 1 stands at 0. */
export const STATIC_TABLE: readonly StaticField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  ...STATUSES.map((status): StaticField => [':status', status]),
  ...NAMES_AFTER_STATUS.map((name): StaticField => [name, valueOf(name)]),
];

/** How many indices the static table takes; dynamic ones begin after it. */
export const STATIC_LENGTH = 61;

export interface StaticName {
  /** The first index that holds the name. */
  readonly index: number;
  /** Values of that name by index; a field without a value is not one. */
  readonly values: ReadonlyMap<string, number>;
}

/** Where names stand in the static table. */
export const STATIC_NAMES: ReadonlyMap<string, StaticName> = indexNames();

function indexNames(): Map<string, StaticName> {
  const names = new Map<string, { index: number; values: Map<string, number> }>();
  STATIC_TABLE.forEach(([name, value], at) => {
    const known = names.get(name) ?? { index: at + 1, values: new Map() };
    if (value !== '') known.values.set(value, at + 1);
    names.set(name, known);
  });
  return names;
}
