import { derive, type Watched } from '@lateen/core';
import type { IdentitySource } from '@lateen/identity';
import type { Registry } from '@lateen/discovery';
import type { ReadinessCondition } from './readiness.ts';
import type { ConfigSource } from './sources/config-source.ts';

/** What has to be there: a certificate where one is wanted, a configuration, and an answer from every registry. */
export function readinessConditions(
  identity: IdentitySource | undefined,
  config: ConfigSource,
  registries: readonly Registry[],
): readonly ReadinessCondition[] {
  return [
    ...(identity ? [{ name: 'identity', problem: identityProblem(identity) }] : []),
    { name: 'configuration', problem: config.problem },
    ...registries.map((registry) => ({ name: `discovery ${registry.name}`, problem: registryProblem(registry) })),
  ];
}

function identityProblem(identity: IdentitySource): Watched<string | undefined> {
  return derive([identity.svid, identity.problem], (svid, problem) => problem ?? (svid ? undefined : 'no certificate yet'));
}

function registryProblem(registry: Registry): Watched<string | undefined> {
  return derive([registry.ready], (ready) => (ready ? undefined : 'no answer yet'));
}
