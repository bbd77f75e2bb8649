import type { Random } from '@lateen/core';

type Mutation = (text: string, random: Random, pool: readonly string[]) => string;

/** What hurts readers of YAML: words of its own, numbers at the edge, keys that are no keys, bytes that are no text. */
const POISON = [
  'null',
  '~',
  'true',
  'no',
  'on',
  '1_000',
  '0x1F',
  '010',
  '.inf',
  '.nan',
  '-1',
  '0',
  '4294967296',
  '9007199254740993',
  '1e400',
  '1.5',
  '""',
  "''",
  '"\\0"',
  '[]',
  '{}',
  '[[]]',
  '{a: {b: {c: []}}}',
  '[null]',
  '*',
  '&a',
  '*a',
  '<<: *a',
  '!!binary aGk=',
  '!!js/function a',
  '!<tag> x',
  '__proto__: {polluted: true}',
  'constructor: {prototype: {polluted: true}}',
  'toString: 1',
  '? [a, b]\n: c',
  '--- ',
  '...',
  '%YAML 1.1',
  '# c',
  '\t',
  '|',
  '>-',
  '|2\n  a',
  '{{ .Values.a }}',
  '${A}',
  'a: b: c',
  ': ',
  '- - - -',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\ud800',
  '😀',
  '%',
  '%%',
  '`',
  '@',
  '(?!a)',
  '(a+)+$',
  '((((((((((a*)*)*)*)*)*)*)*)*)*)',
  '[a-',
  '\\',
  '0s',
  '1ns',
  '-5s',
  '9999999999h',
  '1d',
  '10.0.0.0/33',
  '::1',
  '[::1]',
  'unix:///a',
  '*.*.a',
  'a..b',
  'kind: List\nitems: []',
  'apiVersion: v1\nkind: Secret\ndata: {a: 1}',
  'kind: VirtualService',
  'spec: []',
  'metadata: null',
  'status: {}',
];

/** Each changes a text in one way. */
const MUTATIONS: readonly Mutation[] = [
  (text, random) => spliced(text, random, 1 + random.int(6), ''),
  (text, random) => spliced(text, random, 0, oneOf(POISON, random)),
  (text, random) => spliced(text, random, random.int(12), oneOf(POISON, random)),
  (text, random) => spliced(text, random, 1, String.fromCharCode(random.int(0x1_00))),
  (text, random) => withLine(text, random, () => []),
  (text, random) => withLine(text, random, (line) => [line, line]),
  (text, random) => withLine(text, random, (line) => [`${' '.repeat(random.int(5))}${line.trimStart()}`]),
  (text, random) => withLine(text, random, (line) => [line.replace(/:.*/, `: ${oneOf(POISON, random)}`)]),
  (text, random) =>
    withLine(text, random, (line) => [
      line.replace(/[\w-]+(?=:)/, () => oneOf(['__proto__', 'constructor', 'hosts', 'x', '', '0'], random)),
    ]),
  (text, random) => withLine(text, random, (line) => [line.replace(/\{.*\}/, (block) => `{a: ${block}, ${block.slice(1)}`)]),
  (text, random, pool) => withLine(text, random, (line) => [line, oneOf(oneOf(pool, random).split('\n'), random)]),
  (text, random, pool) => `${text}\n---\n${oneOf(pool, random)}`,
  (text, random) => withLine(text, random, (line) => [line, line.replace(/\S.*/, () => nested(random))]),
  (text, random) => text.slice(0, random.int(text.length + 1)),
  (text, random) => text.replaceAll('\n', random.int(2) ? '\r\n' : '\r'),
];

/** A text that began as one of `pool` and went wrong in up to four ways. */
export function mutated(pool: readonly string[], random: Random): string {
  let text = oneOf(pool, random);
  for (let left = 1 + random.int(4); left > 0; left--) text = oneOf(MUTATIONS, random)(text, random, pool);
  return text;
}

function spliced(text: string, random: Random, cut: number, put: string): string {
  const at = random.int(text.length + 1);
  return text.slice(0, at) + put + text.slice(at + cut);
}

function withLine(text: string, random: Random, change: (line: string) => readonly string[]): string {
  const lines = text.split('\n');
  const at = random.int(lines.length);
  return lines.toSpliced(at, 1, ...change(lines[at] ?? '')).join('\n');
}

/** Brackets in brackets, or aliases of aliases. */
function nested(random: Random): string {
  const depth = 1 + random.int(200);
  if (random.int(2)) return `${'['.repeat(depth)}${']'.repeat(depth - random.int(2))}`;
  return `a: [&a [x, x], &b [${'*a, '.repeat(20)}], &c [${'*b, '.repeat(20)}], [${'*c, '.repeat(20)}]]`;
}

const oneOf = <Item>(items: readonly Item[], random: Random): Item => items[random.int(items.length)] as Item;
