import assert from 'node:assert/strict';
import { type CompileInput, RouteCompiler } from '../src/index.ts';
import { BOOKINFO, destinationRule, outcome, revisionOf, to, virtualService } from './support.ts';

const YAML = `${virtualService('reviews', '- route: [{ destination: { host: reviews, subset: v1 } }]')}---${virtualService(
  'ratings',
  '- directResponse: { status: 299 }',
)}---${destinationRule('reviews', 'subsets: [{ name: v1, labels: { version: v1 } }]')}`;

const INPUT: CompileInput = {
  revision: revisionOf(YAML),
  services: BOOKINFO,
  self: { namespace: 'default', labels: {} },
  gateways: ['mesh'],
  defaults: 'lateen',
  outboundTrafficPolicy: 'ALLOW_ANY',
  mtls: 'auto',
};

/** The same resources with those of one name read anew. */
function changed(yaml: string): CompileInput {
  const [fresh] = revisionOf(yaml).resources;
  const resources = INPUT.revision.resources.map((each) =>
    each.kind === fresh?.kind && each.metadata.name === fresh.metadata.name ? fresh : each,
  );
  return { ...INPUT, revision: { ...INPUT.revision, resources } };
}

const REVIEWS = to('http://reviews:9080/');
const RATINGS = to('http://ratings:9080/');

describe('RouteCompiler', () => {
  it('hands out the same routes and clusters for resources that stay the same', () => {
    const compiler = new RouteCompiler();
    const before = compiler.compile(INPUT);
    const after = compiler.compile({ ...INPUT, revision: { ...INPUT.revision, number: 2 }, services: structuredClone(BOOKINFO) });
    assert.equal(after.match(REVIEWS), before.match(REVIEWS));
    assert.equal(after.clusters, before.clusters);
  });

  it('makes anew what a changed rule is about, and nothing else', () => {
    const compiler = new RouteCompiler();
    const before = compiler.compile(INPUT);
    const after = compiler.compile(changed(virtualService('ratings', '- directResponse: { status: 298 }')));
    assert.equal(outcome(after, RATINGS), '298');
    assert.equal(outcome(before, RATINGS), '299', 'a table never changes');
    assert.equal(after.match(REVIEWS), before.match(REVIEWS));
    const policy = compiler.compile(changed(destinationRule('reviews', 'subsets: [{ name: v1, labels: { version: v9 } }]')));
    assert.deepEqual(policy.clusters.get('outbound|9080|v1|reviews.default.svc.cluster.local')?.subsetLabels, { version: 'v9' });
    assert.equal(outcome(policy, RATINGS), '299');
  });

  it('follows services and rules that come and go', () => {
    const compiler = new RouteCompiler();
    compiler.compile(INPUT);
    const fewer = compiler.compile({ ...INPUT, services: BOOKINFO.filter(({ name }) => name !== 'ratings') });
    assert.equal(outcome(fewer, RATINGS), 'passthrough');
    const bare = compiler.compile({ ...INPUT, revision: { ...INPUT.revision, resources: [] } });
    assert.equal(outcome(bare, RATINGS), 'outbound|9080||ratings.default.svc.cluster.local');
    assert.equal(outcome(compiler.compile(INPUT), RATINGS), '299');
  });

  it('forgets everything when the settings change', () => {
    const compiler = new RouteCompiler();
    compiler.compile(INPUT);
    assert.equal(outcome(compiler.compile({ ...INPUT, self: { namespace: 'prod', labels: {} } }), RATINGS), 'passthrough');
  });

  it('goes on after a configuration that cannot be compiled', () => {
    const compiler = new RouteCompiler();
    compiler.compile(INPUT);
    const bad = structuredClone(INPUT.revision.resources[0]) as { spec: { http: object[] } };
    bad.spec.http = [{}];
    const broken = { ...INPUT.revision, resources: [bad as never] };
    assert.throws(() => compiler.compile({ ...INPUT, revision: broken }), { code: 'LATEEN_CONFIG_INVALID' });
    assert.equal(outcome(compiler.compile(INPUT), RATINGS), '299');
  });
});
