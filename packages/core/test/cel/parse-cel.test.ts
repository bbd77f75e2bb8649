import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CelError, type CelExpression, checkCel, parseCel } from '../../src/cel/index.ts';

/** The tree with its parentheses written out. */
function shape(expression: CelExpression): string {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'bigint' ? String(expression.value) : JSON.stringify(expression.value);
    case 'name':
      return expression.name;
    case 'list':
      return `[${expression.items.map(shape).join(', ')}]`;
    case 'field':
      return `${shape(expression.of)}.${expression.field}`;
    case 'index':
      return `${shape(expression.of)}[${shape(expression.index)}]`;
    case 'call':
      return `${expression.target ? `${shape(expression.target)}.` : ''}${expression.name}(${expression.values.map(shape).join(', ')})`;
    case 'unary':
      return `${expression.operator}${shape(expression.of)}`;
    case 'binary':
      return `(${shape(expression.left)} ${expression.operator} ${shape(expression.right)})`;
    case 'choice':
      return `(${shape(expression.test)} ? ${shape(expression.yes)} : ${shape(expression.no)})`;
  }
}

describe('parseCel', () => {
  for (const [text, meant] of [
    ['response.code >= 400', '(response.code >= 400)'],
    ['a || b && c == d + e * -f', '(a || (b && (c == (d + (e * -f)))))'],
    ['a - b - c', '((a - b) - c)'],
    ['!(a in [1, 2u, 0x10]) ? "x" : \'y\'', '(!(a in [1, 2, 16]) ? "x" : "y")'],
    ['request.headers["x-a"].startsWith("b")', 'request.headers["x-a"].startsWith("b")'],
    ['has(request.headers.host)', 'has(request.headers.host)'],
    ['1.5e3 < .5 // a remark', '(1500 < 0.5)'],
    [String.raw`"a\n\x41\u00e9\"" == r"\n"`, String.raw`("a\nAé\"" == "\\n")`],
    ['"""two\nlines"""', String.raw`"two\nlines"`],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['null == true', '(null == true)'],
  ] as const) {
    it(`reads ${text}`, () => {
      assert.equal(shape(parseCel(text)), meant);
    });
  }

  for (const [text, at, said] of [
    ['', 0, /empty/],
    ['response.code >=', 16, /the end comes unexpected/],
    ['a == b c', 7, /"c" comes unexpected/],
    ['a = b', 2, /"=" is not understood/],
    ['(a', 2, /\) is missing/],
    ['f(a,,b)', 4, /"," comes unexpected/],
    [String.raw`"\q"`, 0, /means nothing in a string/],
    ['"open', 0, /is not understood/],
    ['{"a": 1}', 0, /"{" comes unexpected/],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, undefined, /nested too deeply/],
    [`${'!'.repeat(100)}a`, undefined, /nested too deeply/],
    [`a${' || a'.repeat(2_000)}`, undefined, /at most 4096 characters/],
  ] as const) {
    it(`refuses ${text.slice(0, 24) || 'nothing'}`, () => {
      assert.throws(
        () => parseCel(text),
        (error) => error instanceof CelError && said.test(error.message) && (at === undefined || error.at === at),
      );
    });
  }

  it('ends with an expression or a CelError, whatever it is given', () => {
    const piece = fc.constantFrom(
      'a',
      '.',
      '(',
      ')',
      '[',
      ']',
      '"',
      '1',
      '?',
      ':',
      '&&',
      '!',
      '-',
      ',',
      ' in ',
      '\\',
      '{',
      '0x',
      '1e',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        try {
          parseCel(pieces.join(''));
        } catch (error) {
          assert.ok(error instanceof CelError, String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('checkCel', () => {
  for (const text of [
    'response.code >= 400 && request.headers["x-debug"] == "1"',
    'has(request.headers.x) || request.url_path.matches("/v[0-9]+/.*")',
    'string(destination.port)',
    'request.duration > duration("200ms")',
    'filter_state.upstream_peer.workload',
    'size(request.host) > 3 && request.method.lowerAscii() in ["get", "head"]',
  ]) {
    it(`takes ${text}`, () => checkCel(parseCel(text)));
  }

  for (const [text, said] of [
    ['response.cod == 1', /response\.cod is not available here/],
    ['metadata.filter_metadata.x', /metadata\.filter_metadata\.x is not available/],
    ['request.headers.a.b', /is not available/],
    ['request.host.exists(x, x == 1)', /the method exists is not supported; there are startsWith/],
    ['timestamp("x")', /the function timestamp is not supported/],
    ['request.host.startsWith()', /startsWith takes 1 value, not 0/],
    ['has(request.host == "a")', /has asks for a field/],
    ['(1 + 2).x', /has none/],
    ['request.host.matches(request.path)', /matches takes a literal/],
  ] as const) {
    it(`refuses ${text}`, () => assert.throws(() => checkCel(parseCel(text)), said));
  }
});
