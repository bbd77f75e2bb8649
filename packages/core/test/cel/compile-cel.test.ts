import assert from 'node:assert/strict';
import { CelDuration, celText, type CelValue, compileCel } from '../../src/cel/index.ts';

const HEADERS = new Map([
  ['x-user', 'jason'],
  ['x-empty', ''],
]);

const ATTRIBUTES: Readonly<Record<string, CelValue>> = {
  'response.code': 503n,
  'request.host': 'Reviews:9080',
  'request.headers': { get: (name: string) => HEADERS.get(name.toLowerCase()) },
  'request.duration': new CelDuration(250),
  'connection.mtls': true,
};

function ask(text: string): CelValue {
  const { program } = compileCel<typeof ATTRIBUTES>(text, {
    attribute: (name) => (facts) => facts[name],
    regex: (pattern) => (value) => new RegExp(pattern).test(value),
  });
  return program(ATTRIBUTES);
}

describe('compileCel', () => {
  for (const [text, value] of [
    ['response.code >= 400', true],
    ['response.code / 100 == 5', true],
    ['string(response.code / 100) + "xx"', '5xx'],
    ['response.code == 503.0', true],
    ['response.code in [200, 503]', true],
    ['7 % 4 - 2 * 3', -3n],
    ['1.0 / 4.0', 0.25],
    ['connection.mtls && !(response.code < 500)', true],
    ['request.headers["X-User"] == "jason"', true],
    ['has(request.headers.nobody)', false],
    ['"x-empty" in request.headers', true],
    ['request.headers["nobody"] == "x"', undefined],
    ['request.headers["nobody"] == "x" || response.code == 503', true],
    ['request.headers["nobody"] == "x" && response.code == 200', false],
    ['request.headers["nobody"] == "x" && response.code == 503', undefined],
    ['request.host.lowerAscii().startsWith("reviews")', true],
    ['request.host.matches("^Rev.*:[0-9]+$")', true],
    ['size(request.host)', 12n],
    ['request.host.contains("9080") ? "yes" : "no"', 'yes'],
    ['request.duration > duration("200ms")', true],
    ['request.duration.getMilliseconds()', 250n],
    ['int("42") + 1', 43n],
    ['[1, 2][1]', 2n],
    ['[1, 2] == [1, 2.0]', true],
    ['"a" < "b"', true],
    ['"a" < 1', undefined],
    ['"1" == 1', false],
    ['1 / 0', undefined],
    ['bool("true")', true],
    ['"a" ? 1 : 2', undefined],
    ['-response.code', -503n],
  ] as const) {
    it(`finds ${text} to be ${String(value)}`, () => {
      assert.equal(ask(text), value);
    });
  }

  it('tells which attributes are asked', () => {
    const { attributes } = compileCel('request.host == "a" || has(request.headers.b)', {
      attribute: () => () => 1n,
      regex: () => () => true,
    });
    assert.deepEqual([...attributes].toSorted(), ['request.headers', 'request.host']);
  });
});

describe('celText', () => {
  it('tells values as a tag does', () => {
    assert.deepEqual([5n, 'a', true, new CelDuration(1_500), undefined].map(celText), ['5', 'a', 'true', '1.5s', undefined]);
  });
});
