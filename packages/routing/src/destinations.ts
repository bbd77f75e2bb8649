import { LateenError, originText, type RuleOrigin } from '@lateen/core';
import type { ServiceDescription } from '@lateen/discovery';
import { clusterName } from './cluster-name.ts';
import { compileHeaderOperations } from './header-operations.ts';
import { resolveHost } from './host-names.ts';
import type { Destination } from './route.ts';
import type { DestinationSpec, RouteDestinationSpec } from './spec-types.ts';

/** What a destination's name is completed with. */
export interface DestinationScope {
  readonly ruleNamespace: string;
  /** The port that was called, or the Gateway server's. */
  readonly port: number;
  /** At gateways a service's only port stands in for one that is not written; in the mesh the called port does. */
  readonly atGateway: boolean;
  readonly services: ReadonlyMap<string, ServiceDescription>;
}

/** The cluster a destination means; whether it exists is found out by the table. */
export function destinationCluster(spec: DestinationSpec, scope: DestinationScope): string {
  const host = resolveHost(spec.host, scope.ruleNamespace);
  return clusterName(spec.port?.number ?? impliedPort(host, scope), spec.subset ?? '', host);
}

function impliedPort(host: string, scope: DestinationScope): number {
  const ports = scope.atGateway ? scope.services.get(host)?.ports : undefined;
  return ports?.length === 1 && ports[0] ? ports[0].number : scope.port;
}

/**
 * Weighted destinations without those of weight 0. A single one gets everything, whatever its weight, and its headers are
 * the rule's business ({@link compileHeaderOperations} joins them).
 */
export function compileDestinations(
  specs: readonly RouteDestinationSpec[],
  scope: DestinationScope,
  origin: RuleOrigin,
): readonly Destination[] {
  const single = specs.length === 1;
  const destinations = specs
    .map(
      (spec): Destination => ({
        cluster: destinationCluster(spec.destination, scope),
        weight: single ? 1 : (spec.weight ?? 0),
        requestHeaders: single ? undefined : compileHeaderOperations([spec.headers?.request]),
        responseHeaders: single ? undefined : compileHeaderOperations([spec.headers?.response]),
      }),
    )
    .filter((destination) => destination.weight > 0);
  if (destinations.length === 0) {
    throw new LateenError('LATEEN_CONFIG_INVALID', `${originText(origin)}: the destinations' weights add up to 0`, {
      policy: originText(origin),
      hint: 'give one of them a weight',
    });
  }
  return destinations;
}
