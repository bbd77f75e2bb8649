import assert from 'node:assert/strict';
import { qualifiedGateway, withFullNames } from '../src/rule-hosts.ts';

describe('qualifiedGateway', () => {
  it('puts the namespace first, the rule’s own where none is named', () => {
    const names = ['mesh', 'edge', './edge', 'infra/edge', 'edge.infra', 'edge.infra.svc.cluster.local'];
    assert.deepEqual(
      names.map((name) => qualifiedGateway(name, 'default')),
      ['mesh', 'default/edge', 'default/edge', 'infra/edge', 'infra/edge', 'infra/edge'],
    );
  });
});

describe('withFullNames', () => {
  it('completes every host and gateway that a rule names by its namespace', () => {
    const rule = withFullNames(
      {
        match: [{ gateways: ['edge', 'mesh'] }, { uri: { exact: '/' } }],
        route: [{ destination: { host: 'reviews', subset: 'v1' } }, { destination: { host: 'api.example.com' } }],
        mirror: { host: 'ratings' },
        mirrors: [{ destination: { host: 'details' } }],
      },
      'prod',
    );
    assert.deepEqual(rule.match?.[0]?.gateways, ['prod/edge', 'mesh']);
    assert.deepEqual(
      rule.route?.map(({ destination }) => destination.host),
      ['reviews.prod.svc.cluster.local', 'api.example.com'],
    );
    assert.equal(rule.mirror?.host, 'ratings.prod.svc.cluster.local');
    assert.equal(rule.mirrors?.[0]?.destination.host, 'details.prod.svc.cluster.local');
  });
});
