import assert from 'node:assert/strict';
import type { Finding } from '@lateen/resources';
import { githubAnnotations } from '../../src/analyze/github-annotations.ts';
import { sarif } from '../../src/analyze/sarif.ts';

const FINDING: Finding = {
  code: 'IST0101',
  level: 'Error',
  message: 'Referenced host not found: "a"',
  origin: 'VirtualService default/web',
  reference: 'mesh/a b.yaml:14',
  documentationUrl: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  column: 3,
  fix: 'name 100 % of\nthem',
};
const OWN: Finding = {
  ...FINDING,
  code: 'LTN0109',
  level: 'Info',
  reference: '',
  documentationUrl: 'docs/checks.md#ltn0109',
  column: 0,
};

describe('githubAnnotations', () => {
  it('writes one command a finding, with its level and place, and escapes what ends one', () => {
    const { fix: _fix, ...plain } = OWN;
    assert.equal(
      githubAnnotations([FINDING, plain]),
      '::error file=mesh/a b.yaml,line=14,col=3,title=IST0101 VirtualService default/web::Referenced host not found: "a"; name 100 %25 of%0Athem\n' +
        '::notice title=LTN0109 VirtualService default/web::Referenced host not found: "a"\n',
    );
  });
});

interface Log {
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly helpUri?: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly locations: readonly { readonly physicalLocation?: object; readonly logicalLocations: object[] }[];
    }[];
  }[];
}

describe('sarif', () => {
  const log = JSON.parse(JSON.stringify(sarif([FINDING, OWN, FINDING]))) as Log;
  const [run] = log.runs;

  it('is a log of version 2.1.0 with each rule once', () => {
    assert.equal(log.version, '2.1.0');
    assert.deepEqual(
      run?.tool.driver.rules.map(({ id, helpUri }) => [id, helpUri]),
      [
        ['IST0101', FINDING.documentationUrl],
        ['LTN0109', undefined],
      ],
    );
  });

  it('points results to their rule and place', () => {
    const [first, second] = run?.results ?? [];
    assert.deepEqual([first?.ruleId, first?.ruleIndex, first?.level], ['IST0101', 0, 'error']);
    assert.deepEqual(first?.locations[0]?.physicalLocation, {
      artifactLocation: { uri: 'mesh/a%20b.yaml' },
      region: { startLine: 14, startColumn: 3 },
    });
    assert.equal(second?.level, 'note');
    assert.equal(second?.locations[0]?.physicalLocation, undefined);
    assert.deepEqual(second?.locations[0]?.logicalLocations, [{ fullyQualifiedName: OWN.origin, kind: 'resource' }]);
  });
});
