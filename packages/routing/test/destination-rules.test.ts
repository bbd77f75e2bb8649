import assert from 'node:assert/strict';
import type { CompileInput } from '../src/index.ts';
import { destinationRule, tableFrom } from './support.ts';

const ORDERS = 'orders.prod.svc.cluster.local';

/** The subsets that a caller in `default` finds for orders in `prod`. */
function subsets(yaml: string, more: Partial<CompileInput> = {}): string[] {
  return [...tableFrom(yaml, more).clusters.values()]
    .filter(({ host, subset }) => host === ORDERS && subset !== '')
    .map(({ subset }) => subset);
}

/** A rule for orders with one subset of that name. */
function rule(subset: string, namespace: string, more = '', host = ORDERS): string {
  return `\n---\n${destinationRule(host, `${more}\nsubsets: [{ name: ${subset}, labels: { version: v1 } }]`, subset, namespace)}`;
}

const IN_ROOT = { self: { namespace: 'istio-system', labels: {} } };

describe('DestinationRules', () => {
  it('looks in the caller’s namespace, then the service’s, then the root namespace', () => {
    const own = rule('own', 'default');
    const service = rule('service', 'prod');
    const root = rule('root', 'istio-system');
    assert.deepEqual(subsets(own + service + root), ['own']);
    assert.deepEqual(subsets(service + root), ['service']);
    assert.deepEqual(subsets(root), ['root']);
    assert.deepEqual(subsets(rule('elsewhere', 'third')), []);
    assert.deepEqual(subsets(rule('root', 'mesh-system'), { meshConfig: { rootNamespace: 'mesh-system' } }), ['root']);
  });

  it('does not find what is kept at home, nor at home what is exported elsewhere only', () => {
    assert.deepEqual(subsets(rule('service', 'prod', 'exportTo: ["."]')), []);
    assert.deepEqual(subsets(rule('service', 'prod', 'exportTo: [third]')), []);
    assert.deepEqual(subsets(rule('service', 'prod', 'exportTo: [default, third]')), ['service']);
    assert.deepEqual(subsets(rule('own', 'default', 'exportTo: [third]')), []);
    assert.deepEqual(subsets(rule('own', 'default', 'exportTo: ["."]')), ['own']);
    assert.deepEqual(subsets(rule('service', 'prod'), { meshConfig: { defaultDestinationRuleExportTo: ['.'] } }), []);
  });

  it('prefers for callers in the root namespace only what that keeps to itself', () => {
    const service = rule('service', 'prod');
    assert.deepEqual(subsets(rule('root', 'istio-system') + service, IN_ROOT), ['service']);
    assert.deepEqual(subsets(rule('root', 'istio-system', 'exportTo: ["."]') + service, IN_ROOT), ['root']);
  });

  it('takes an exact host before the longest wildcard, whichever came first', () => {
    const wide = rule('aa-wide', 'default', '', '*.svc.cluster.local');
    const narrow = rule('bb-narrow', 'default', '', '*.prod.svc.cluster.local');
    assert.deepEqual(subsets(wide + narrow), ['bb-narrow']);
    assert.deepEqual(subsets(wide + narrow + rule('cc-exact', 'default')), ['cc-exact']);
  });

  it('joins rules for one host, the older one first, unless they are exported differently', () => {
    const older = `${rule('zz', 'prod')}`.replace('metadata: {', 'metadata: { creationTimestamp: "2025-01-01T00:00:00Z",');
    const newer = rule('aa', 'prod').replace('metadata: {', 'metadata: { creationTimestamp: "2026-01-01T00:00:00Z",');
    assert.deepEqual(subsets(newer + older), ['zz', 'aa']);
    assert.deepEqual(subsets(rule('aa', 'prod') + rule('bb', 'prod', 'exportTo: [default]')), ['bb']);
  });

  it('prefers a rule that selects the caller, which stays in its namespace', () => {
    const mine = rule('mine', 'default', 'workloadSelector: { matchLabels: { app: client } }');
    const others = rule('others', 'default', 'workloadSelector: { matchLabels: { app: other } }');
    assert.deepEqual(subsets(mine + others), ['mine']);
    assert.deepEqual(subsets(others), []);
    assert.deepEqual(subsets(others + rule('service', 'prod')), []);
    assert.deepEqual(subsets(rule('service', 'prod', 'workloadSelector: { matchLabels: { app: client } }')), []);
  });
});
