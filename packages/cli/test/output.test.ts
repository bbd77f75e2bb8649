import assert from 'node:assert/strict';
import fc from 'fast-check';
import { changeLine } from '../src/applied.ts';
import { kindNamed } from '../src/kinds.ts';
import { lineDiff } from '../src/line-diff.ts';
import { table, untilText } from '../src/output.ts';

describe('table', () => {
  it('aligns columns to their widest cell and leaves no blanks at the end', () => {
    const rows = [
      ['a', 'long cell', ''],
      ['longer', 'b', 'c'],
    ];
    assert.equal(table(['ONE', 'TWO', 'THREE'], rows), 'ONE     TWO        THREE\na       long cell\nlonger  b          c\n');
    assert.equal(table(['ONE', 'TWO'], []), 'ONE  TWO\n');
  });
});

describe('untilText', () => {
  const spans: readonly (readonly [number, string])[] = [
    [-1, 'expired'],
    [0, 'expired'],
    [90_000, 'in 90s'],
    [3_540_000, 'in 59m'],
    [86_400_000, 'in 24h'],
    [86_400_000 * 30, 'in 30d'],
    [86_400_000 * 3652, 'in 10y'],
  ];
  for (const [ms, want] of spans) it(`says ${want} of ${ms} ms`, () => assert.equal(untilText(1_000 + ms, 1_000), want));
});

describe('kindNamed', () => {
  for (const word of ['vs', 'virtualservice', 'VirtualService', 'virtualservices']) {
    it(`takes ${word} for VirtualService`, () => assert.equal(kindNamed(word), 'VirtualService'));
  }
  it('knows the plurals of -y', () => assert.equal(kindNamed('workloadentries'), 'WorkloadEntry'));
  it('knows kinds of Kubernetes and of the Gateway API', () =>
    assert.deepEqual(['svc', 'httproutes', 'endpoints', 'telemetries'].map(kindNamed), [
      'Service',
      'HTTPRoute',
      'Endpoints',
      'Telemetry',
    ]));
  it('knows no kind from the prototype', () => assert.throws(() => kindNamed('constructor'), /is no kind/));
});

describe('lineDiff', () => {
  it('keeps what stays and marks what goes and comes', () => {
    assert.equal(lineDiff('a\nb\nc\n', 'a\nx\nc\nd\n'), '  a\n- b\n+ x\n  c\n+ d\n');
    assert.equal(lineDiff('', 'a\n'), '+ a\n');
    assert.equal(lineDiff('a\n', ''), '- a\n');
  });

  it('tells both texts, whatever they are', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 });
    const side = (diff: string, mark: string): string =>
      diff
        .split('\n')
        .filter((line) => line.startsWith('  ') || line.startsWith(mark))
        .map((line) => line.slice(2))
        .join('\n');
    fc.assert(
      fc.property(lines, lines, (left, right) => {
        const diff = lineDiff(left.join('\n'), right.join('\n'));
        assert.deepEqual([side(diff, '-'), side(diff, '+')], [left.join('\n'), right.join('\n')]);
      }),
    );
  });
});

describe('changeLine', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['VirtualService', 'default', 'virtualservice.networking.istio.io/a configured\n'],
    ['Gateway', 'infra', 'gateway.networking.istio.io/a configured in namespace infra\n'],
    ['PeerAuthentication', 'istio-system', 'peerauthentication.security.istio.io/a configured in namespace istio-system\n'],
  ];
  for (const [kind, namespace, line] of cases) {
    it(`names a ${kind} of ${namespace} as kubectl does`, () => {
      assert.equal(changeLine({ kind, namespace, name: 'a' }, 'configured'), line);
    });
  }
});
