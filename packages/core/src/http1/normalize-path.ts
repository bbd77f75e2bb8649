/** Istio's modes; each does what the one before it does, and more. */
export type PathNormalization = 'NONE' | 'BASE' | 'MERGE_SLASHES' | 'DECODE_AND_MERGE_SLASHES';

const NUL = /%00/;
/** Characters that never need their encoding: RFC 3986, 2.3. */
const ENCODED_UNRESERVED = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;
const ENCODED_SLASH = /%(2f|5c)/gi;
/** What may not stand in a path as it is. */
const UNENCODED = /["<>`{}\u007f-\u00ff]/g;
const SEVERAL_SLASHES = /\/{2,}/g;

/**
 * The target as Istio leaves it, so that rules can't be dodged by spelling. `BASE`: unreserved characters decoded, `\` read as `/`, dot
 * segments resolved; double slashes, `%2F` and the query stay. `MERGE_SLASHES`: several slashes are one. `DECODE_AND_MERGE_SLASHES`: `%2F` and
 * `%5C` are slashes. A fragment is cut off in every mode. A target without any of these, nearly every one, comes back as it is at the
 * cost of one scan.
 *
 * @returns undefined where the path can't be normalised (`%00`): 400.
 */
export function normalizePath(target: string, mode: PathNormalization = 'BASE'): string | undefined {
  if (!mayNeedWork(target) || !target.startsWith('/')) return target;
  const hash = target.indexOf('#');
  const whole = hash === -1 ? target : target.slice(0, hash);
  if (mode === 'NONE') return whole;
  const question = whole.indexOf('?');
  const end = question === -1 ? whole.length : question;
  const path = normalized(whole.slice(0, end), mode);
  return path === undefined ? undefined : path + whole.slice(end);
}

function normalized(path: string, mode: PathNormalization): string | undefined {
  if (NUL.test(path)) return undefined;
  const unescaped = mode === 'DECODE_AND_MERGE_SLASHES' ? path.replace(ENCODED_SLASH, character) : path;
  const plain = unescaped.replace(ENCODED_UNRESERVED, character).replaceAll('\\', '/').replace(UNENCODED, encoded);
  const resolved = withoutDotSegments(plain);
  return mode === 'BASE' ? resolved : resolved.replace(SEVERAL_SLASHES, '/');
}

/** Whether there is any of `# % \ "` and so on, a dot or a slash behind a slash. */
function mayNeedWork(target: string): boolean {
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code === 47 || code === 46) {
      if (i > 0 && target.charCodeAt(i - 1) === 47) return true;
    } else if (code === 35 || code === 37 || code === 92 || code < 35 || code > 122 || code === 60 || code === 62 || code === 96)
      return true;
  }
  return false;
}

function character(triplet: string): string {
  return String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
}

function encoded(text: string): string {
  return `%${text.charCodeAt(0).toString(16).toUpperCase()}`;
}

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [index, segment] of segments.entries()) {
    const isDots = segment === '.' || segment === '..';
    if (segment === '..') kept.pop();
    if (!isDots) kept.push(segment);
    else if (index === segments.length - 1) kept.push('');
  }
  return `/${kept.join('/')}`;
}
