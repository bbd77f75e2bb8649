import { endOfPath } from './request-conditions.ts';

const NUL = /%00/;
/** Characters that never need their encoding: RFC 3986, 2.3. */
const ENCODED_UNRESERVED = /%(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi;

/**
 * The target as Istio's BASE normalisation leaves it, so that rules can't be dodged by spelling: unreserved characters
 * decoded, `\` read as `/`, dot segments resolved, a fragment cut off. Double slashes, `%2F` and the query stay.
 * A target without any of these, nearly every one, comes back as it is at the cost of one scan.
 *
 * @returns undefined where the path can't be normalised (`%00`): 400.
 */
export function normalizePath(target: string): string | undefined {
  if (!target.startsWith('/') || !mayNeedWork(target)) return target;
  const hash = target.indexOf('#');
  const whole = hash === -1 ? target : target.slice(0, hash);
  const end = endOfPath(whole);
  const path = whole.slice(0, end);
  if (NUL.test(path)) return undefined;
  const decoded = path
    .replace(ENCODED_UNRESERVED, (triplet) => String.fromCharCode(Number.parseInt(triplet.slice(1), 16)))
    .replaceAll('\\', '/');
  return withoutDotSegments(decoded) + whole.slice(end);
}

function mayNeedWork(target: string): boolean {
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code === 37 || code === 92 || code === 35) return true;
    if (code === 46 && target.charCodeAt(i - 1) === 47) return true;
  }
  return false;
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
