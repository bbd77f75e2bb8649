import assert from 'node:assert/strict';
import { CODES, type FindingCode } from '../src/codes.ts';
import { findingAt, formatFinding, makeFinding } from '../src/make-finding.ts';
import { parseResources } from '../src/parse-resources.ts';

const PLACE = { origin: 'VirtualService default/a', file: 'a.yaml', line: 3, column: 1 };

describe('formatFinding', () => {
  const lines: readonly (readonly [Parameters<typeof makeFinding>, string])[] = [
    [['IST0101', PLACE, 'no host'], 'Error [IST0101] (VirtualService default/a a.yaml:3) no host'],
    [['IST0130', PLACE, 'not used', 'drop it'], 'Warning [IST0130] (VirtualService default/a a.yaml:3) not used; drop it'],
    [['LTN0004', { ...PLACE, origin: '' }, 'left out'], 'Info [LTN0004] (a.yaml:3) left out'],
    [['IST0131', { ...PLACE, file: '' }, 'not used'], 'Info [IST0131] (VirtualService default/a) not used'],
  ];
  for (const [finding, want] of lines) it(`writes ${want}`, () => assert.equal(formatFinding(makeFinding(...finding)), want));
});

describe('makeFinding', () => {
  it("links to Istio's page for Istio's codes and to ours for ours", () => {
    const links = (Object.keys(CODES) as FindingCode[]).map((code) => [code, makeFinding(code, PLACE, '').documentationUrl]);
    for (const [code = '', url = ''] of links) {
      assert.equal(url.startsWith(code.startsWith('IST') ? 'https://istio.io/' : 'docs/checks.md#'), true, url);
      assert.ok(url.includes(code.toLowerCase()));
    }
  });
});

describe('findingAt', () => {
  const [resource] = parseResources(
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: a\nspec:\n  hosts: [a]\n  http:\n  - route:\n    - destination:\n        host: a\n    mirror: {host: b}\n',
    { file: 'a.yaml', defaultNamespace: 'default' },
  ).resources;
  assert.ok(resource);
  const places: readonly (readonly [string, number])[] = [
    ['', 1],
    ['/metadata/name', 4],
    ['/spec/hosts/0', 6],
    ['/spec/http/0', 8],
    ['/spec/http/0/route/0/destination', 9],
    ['/spec/http/0/route/0/destination/host', 10],
    ['/spec/http/0/mirror/host', 11],
    ['/spec/http/0/route/0/destination/port/number', 9],
    ['/nowhere', 1],
  ];
  for (const [pointer, line] of places) {
    it(`finds ${pointer || 'the resource'} on line ${line}`, () => {
      assert.equal(findingAt('IST0101', resource, pointer, '').reference, `a.yaml:${line}`);
    });
  }
});
