import assert from 'node:assert/strict';
import { formatFinding, parseResources } from '@lateen/resources';

const findings = (spec: string): string =>
  parseResources(`apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: t}\nspec:\n  ${spec}\n`, {
    file: 'a.yaml',
    defaultNamespace: 'default',
  })
    .findings.map(formatFinding)
    .join('\n');

const tag = (value: string): string => `metrics: [{overrides: [{tagOverrides: {a: {value: ${JSON.stringify(value)}}}}]}]`;
const filter = (expression: string): string => `accessLogging: [{filter: {expression: ${JSON.stringify(expression)}}}]`;

describe('expressions of a Telemetry', () => {
  it('are taken when a process can answer them', () => {
    assert.equal(findings(tag('string(destination.port) + upstream_peer.version')), '');
    assert.equal(findings(filter('response.code >= 400 && has(request.headers.x)')), '');
  });

  for (const [what, spec, said] of [
    [
      'an attribute of Envoy’s alone',
      tag('metadata.filter_metadata.x'),
      /Error \[LTN0023\] .*a\.yaml:5\) the attribute metadata\.filter_metadata\.x/,
    ],
    ['a misspelt attribute, with the one that is near', tag('request.hots'), /LTN0023.*did you mean request\.host\?/],
    ['a text that is none', tag('a ='), /LTN0023.*"=" is not understood/],
    ['a filter that asks for what there is not', filter('response.cod == 1'), /LTN0023.*did you mean response\.code/],
    [
      'a metric that a process has not',
      'metrics: [{overrides: [{match: {metric: TCP_SENT_BYTES}, disabled: true}]}]',
      /LTN0012.*no metric TCP_SENT_BYTES/,
    ],
    ['a tag by formatter', 'tracing: [{customTags: {a: {formatter: {value: "%REQ(x)%"}}}}]', /LTN0001.*formatter.*write literal/],
  ] as const) {
    it(`tell of ${what}`, () => {
      assert.match(findings(spec), said);
    });
  }
});
