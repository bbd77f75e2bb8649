import { CelError, type CelLiteral } from './cel-expression.ts';

export type CelToken =
  | { readonly kind: 'literal'; readonly value: CelLiteral; readonly at: number }
  | { readonly kind: 'name'; readonly text: string; readonly at: number }
  | { readonly kind: 'sign'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

const SPACE = /(?:[\t\n\f\r ]+|\/\/[^\n]*)+/y;
const NUMBER =
  /(?:0x[0-9a-fA-F]+u?|[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+u?)/y;
const STRING = /([rR]?)("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/y;
const RAW_STRING = /[rR](?:"[^"\n]*"|'[^'\n]*')/y;
const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const SIGN = /(?:\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}])/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

/**
 * The words of a CEL text.
 *
 * @throws {CelError} at what is none
 */
export function celTokens(text: string): CelToken[] {
  const tokens: CelToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  for (;;) {
    take(SPACE);
    const start = at;
    if (at >= text.length) return [...tokens, { kind: 'end', text: '', at: start }];
    const raw = take(RAW_STRING);
    const quoted = raw ?? take(STRING);
    if (quoted !== undefined) {
      tokens.push({ kind: 'literal', value: stringOf(quoted, start), at: start });
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      tokens.push({ kind: 'literal', value: numberOf(number), at: start });
      continue;
    }
    const name = take(NAME);
    if (name !== undefined) {
      tokens.push(
        Object.hasOwn(WORDS, name)
          ? { kind: 'literal', value: WORDS[name] as boolean | null, at: start }
          : { kind: 'name', text: name, at: start },
      );
      continue;
    }
    const sign = take(SIGN);
    if (sign === undefined) throw new CelError(`${JSON.stringify(text[at])} is not understood`, at);
    tokens.push({ kind: 'sign', text: sign, at: start });
  }
}

function numberOf(text: string): number | bigint {
  const whole = text.replace(/u$/, '');
  return /^(?:0x[0-9a-fA-F]+|[0-9]+)$/.test(whole) ? BigInt(whole) : Number(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function stringOf(quoted: string, at: number): string {
  const isRaw = /^[rR]/.test(quoted);
  const body = isRaw ? quoted.slice(1) : quoted;
  const width = body.startsWith('"""') || body.startsWith("'''") ? 3 : 1;
  const inside = body.slice(width, -width);
  if (isRaw) return inside;
  return inside.replaceAll(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|[\s\S])/g,
    (_all, escape: string) => {
      if (escape.length > 1) return String.fromCodePoint(codePoint(escape, at));
      if (/[\\'"`?]/.test(escape)) return escape;
      const meant = ESCAPES[escape];
      if (meant === undefined) throw new CelError(`\\${escape} means nothing in a string`, at);
      return meant;
    },
  );
}

function codePoint(escape: string, at: number): number {
  const point = /^[xuU]/.test(escape) ? Number.parseInt(escape.slice(1), 16) : Number.parseInt(escape, 8);
  if (point > 0x10_ff_ff) throw new CelError(`\\${escape} is no character`, at);
  return point;
}
