// What a field means to the engine. Decided once, when it enters the dynamic table; a repeated field costs no check.
export const REGULAR = 0;
export const METHOD = 1;
export const SCHEME = 2;
export const AUTHORITY = 3;
export const PATH = 4;
export const STATUS = 5;
export const PROTOCOL = 6;
/** The highest kind that is a pseudo-field. */
export const LAST_PSEUDO = PROTOCOL;
export const CONTENT_LENGTH = 7;
export const HOST = 8;
export const COOKIE = 9;
export const EXPECT = 10;
export const PRIORITY = 11;
/** From here on the message is malformed (RFC 9113 §8.1.1). */
export const MALFORMED = 12;

const KINDS: ReadonlyMap<string, number> = new Map([
  [':method', METHOD],
  [':scheme', SCHEME],
  [':authority', AUTHORITY],
  [':path', PATH],
  [':status', STATUS],
  [':protocol', PROTOCOL],
  ['content-length', CONTENT_LENGTH],
  ['host', HOST],
  ['cookie', COOKIE],
  ['expect', EXPECT],
  ['priority', PRIORITY],
]);

/** Fields that speak about a connection of HTTP/1.1 (RFC 9113 §8.2.2). */
export const CONNECTION_SPECIFIC: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** RFC 9113 §8.2.1, strictly: a token in lower case, so that nothing can be smuggled into HTTP/1.1 behind. */
const IS_NAME_CHARACTER = tokenCharacters(false);
/** The same with capitals, which a sender may lower. */
const IS_TOKEN_CHARACTER = tokenCharacters(true);

/** The kind of a received field. */
export function fieldKind(name: string, value: string): number {
  const kind = KINDS.get(name) ?? REGULAR;
  if (kind === REGULAR) {
    if (!consistsOf(name, IS_NAME_CHARACTER) || CONNECTION_SPECIFIC.has(name)) return MALFORMED;
    if (name === 'te' && value !== 'trailers') return MALFORMED;
  }
  return isFieldValue(value) ? kind : MALFORMED;
}

/** Whether it may be sent as a name, in lower case. */
export function isToken(name: string): boolean {
  return consistsOf(name, IS_TOKEN_CHARACTER);
}

/** RFC 9113 §8.2.1: no NUL, CR or LF, and no blank at either end; nor other control characters, which HTTP/1.1 forbids (RFC 9110 §5.5). */
export function isFieldValue(value: string): boolean {
  const { length } = value;
  if (length === 0) return true;
  if (isBlank(value.charCodeAt(0)) || isBlank(value.charCodeAt(length - 1))) return false;
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== 9) || code === 0x7f || code > 0xff) return false;
  }
  return true;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 9;
}

function consistsOf(text: string, allowed: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    if (allowed[text.charCodeAt(i)] !== 1) return false;
  }
  return text.length > 0;
}

function tokenCharacters(capitals: boolean): Uint8Array {
  const allowed = new Uint8Array(256);
  const letters = capitals ? 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ' : 'abcdefghijklmnopqrstuvwxyz';
  for (const character of `!#$%&'*+-.^_\`|~0123456789${letters}`) allowed[character.charCodeAt(0)] = 1;
  return allowed;
}
