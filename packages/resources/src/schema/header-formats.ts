import type { Format } from './format.ts';

const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const PSEUDO = new Set([':method', ':scheme', ':authority', ':path', ':status']);
/** `@request.auth.claims.group`, `@request.auth.claims[a][b]`: a claim of the caller's token. */
const CLAIM = /^@request\.auth\.claims(?:\..+|\[.+\])$/i;

/** Istio checks no more of a header that is added or removed than that it is none of these. */
const isOwn = (text: string): boolean => text !== '' && !text.startsWith(':') && text.toLowerCase() !== 'host';

/** The checks of headers' names and values. */
export const HEADER_FORMATS: Readonly<Record<string, Format>> = {
  'matchable-header': {
    test: (text) => PSEUDO.has(text) || CLAIM.test(text) || HEADER.test(text),
    wanted: 'a header name, or @request.auth.claims with the name of a claim',
  },
  'settable-header': {
    test: (text) => isOwn(text) || /^(?::authority|host)$/i.test(text),
    wanted: 'a header name; of those with a colon only :authority',
  },
  'own-header': { test: isOwn, wanted: 'the name of a header other than Host, which only set changes' },
  'cors-header': { test: (text) => text === '*' || HEADER.test(text), wanted: 'a header name, or *' },
  'plain-header': {
    test: (text) => /^[-_A-Za-z0-9]+$/.test(text),
    wanted: 'a header name of letters, digits, dashes and underscores',
  },
  'probe-header': { test: (text) => /^[-A-Za-z0-9]+$/.test(text), wanted: 'a header name of letters, digits and dashes' },
  'header-value': {
    test: (text) => !hasControls(text) && hasWholeVariables(text),
    wanted: 'a header value: write a percent sign as %%, a variable as %NAME%',
  },
};

/** Control characters, of which a tab is none. */
function hasControls(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if ((code < 0x20 && code !== 9) || code === 0x7f) return true;
  }
  return false;
}

/** Every `%` is doubled, or begins or ends a variable: `%NAME%`, `%NAME(argument)%`, `%NAME(["a", "b"])%`. */
function hasWholeVariables(text: string): boolean {
  const rest = text.replaceAll(VARIABLE, '');
  return !rest.includes('%');
}

const VARIABLE =
  /%%|%[^%(]*(?:\( *(?:\[ *"(?:[^"\\]|\\.)*" *(?:, *"(?:[^"\\]|\\.)*" *)*\] *|(?:[^)"[ \\]|\\.)(?:[^)"\\]|\\.)*)\) *)?%/g;
