import type { Said } from './compare.ts';

const LEVELS = ['Info', 'Warning', 'Error'];

/**
 * Whether an answer is better than istioctl's in the way that a case's `want` asks for: `nothing` (a false alarm of istioctl's is not repeated), a level,
 * a level with a code, words that a message must hold, a line. Where `want` is in other words, any answer that differs from istioctl's passes.
 */
export function isBeaten(want: string, istioctl: readonly Said[], said: readonly Said[]): boolean {
  if (want.includes('optional')) return true;
  const fromIstio = said.filter(({ code }) => code.startsWith('IST'));
  if (want === 'nothing') return fromIstio.length < istioctl.length && fromIstio.every((one) => isAmong(one, istioctl));
  const line = /^line (\d+)$/.exec(want);
  if (line) return said.some((one) => one.line >= Number(line[1]) && !isAmong(one, istioctl));
  const more = said.filter((one) => !isAmong(one, istioctl));
  const levels = LEVELS.filter((level) => want.split(' ').includes(level));
  if (levels.length === 0) return more.length > 0 || istioctl.some((one) => !isAmong(one, said));
  const codes: readonly string[] = want.match(/IST\d{4}/g) ?? [];
  const words = /(?: for | that names )(\S+)$/.exec(want)?.[1];
  return more.some(
    ({ code, level, text }) =>
      levels.some((least) => LEVELS.indexOf(level) >= LEVELS.indexOf(least)) &&
      (codes.length === 0 || codes.includes(code)) &&
      (words === undefined || text.includes(words)),
  );
}

function isAmong({ key, text }: Said, others: readonly Said[]): boolean {
  return others.some((other) => other.key === key && (other.text === text || !key.startsWith('IST0106')));
}
