import assert from 'node:assert/strict';
import { type PeerMode, resolvePeerAuthentication } from '@lateen/authz';
import { resource, revision, WORKLOAD } from '../support/fixtures.ts';

type Parts = Parameters<typeof resource>[2];

const policy = (mode: string | undefined, namespace: string, more: object = {}, parts: Parts = {}): ReturnType<typeof resource> =>
  resource('PeerAuthentication', { ...(mode !== undefined && { mtls: { mode } }), ...more }, { namespace, ...parts });
const selector = { selector: { matchLabels: { app: 'app' } } };
const modeOf = (...policies: readonly ReturnType<typeof resource>[]): PeerMode =>
  resolvePeerAuthentication(revision(...policies), WORKLOAD).mode;

describe('resolvePeerAuthentication', () => {
  it('is permissive when nobody says anything', () => {
    assert.equal(modeOf(), 'PERMISSIVE');
    assert.equal(resolvePeerAuthentication(revision(), WORKLOAD).origin, undefined);
  });

  it('lets the workload win over its namespace, and that over the mesh', () => {
    const mesh = policy('STRICT', 'istio-system');
    const wide = policy('DISABLE', 'default');
    const own = policy('PERMISSIVE', 'default', selector, { name: 'own' });
    assert.equal(modeOf(mesh), 'STRICT');
    assert.equal(modeOf(wide, mesh), 'DISABLE');
    assert.equal(modeOf(wide, mesh, own), 'PERMISSIVE');
  });

  it('asks the next one where a mode is unset or absent', () => {
    const mesh = policy('STRICT', 'istio-system');
    assert.equal(modeOf(mesh, policy('UNSET', 'default')), 'STRICT');
    assert.equal(modeOf(mesh, policy(undefined, 'default'), policy(undefined, 'default', selector, { name: 'own' })), 'STRICT');
    assert.equal(modeOf(policy('UNSET', 'istio-system')), 'PERMISSIVE');
  });

  it('leaves out other workloads, other namespaces and selectors in the root namespace', () => {
    assert.equal(modeOf(policy('STRICT', 'default', { selector: { matchLabels: { app: 'other' } } })), 'PERMISSIVE');
    assert.equal(modeOf(policy('STRICT', 'foo')), 'PERMISSIVE');
    assert.equal(modeOf(policy('STRICT', 'istio-system', selector)), 'PERMISSIVE');
  });

  it('takes the oldest of several in one scope', () => {
    const young = policy('STRICT', 'default', {}, { name: 'a', creationTimestamp: '2026-02-01T00:00:00Z' });
    const old = policy('DISABLE', 'default', {}, { name: 'b', creationTimestamp: '2026-01-01T00:00:00Z' });
    assert.equal(modeOf(young, old), 'DISABLE');
  });

  it('has a mode for single ports, of the workload’s own policy alone', () => {
    const ports = { portLevelMtls: { 9090: { mode: 'DISABLE' }, 9091: { mode: 'UNSET' } } };
    const result = resolvePeerAuthentication(revision(policy('STRICT', 'default', { ...selector, ...ports })), WORKLOAD);
    assert.deepEqual([9090, 9091, 9092].map(result.modeOf), ['DISABLE', 'STRICT', 'STRICT']);
    const older = policy(undefined, 'default', selector, { name: 'a', creationTimestamp: '2025-01-01T00:00:00Z' });
    const younger = policy(
      'STRICT',
      'default',
      { ...selector, ...ports },
      { name: 'b', creationTimestamp: '2026-01-01T00:00:00Z' },
    );
    assert.equal(resolvePeerAuthentication(revision(younger, older), WORKLOAD).modeOf(9090), 'PERMISSIVE');
  });
});
