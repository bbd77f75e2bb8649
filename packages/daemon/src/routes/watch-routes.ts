import { API_PATHS, checkAckBody, isName, parseWatchQuery, WireError } from '@lateen/control';
import { LateenError } from '@lateen/core';
import type { PeerIdentity } from '@lateen/identity';
import { ApiError } from '../http/api-error.ts';
import { ANSWERED, type Route } from '../http/route.ts';
import type { RegistryStore } from '../registry/registry-store.ts';
import type { ProcessTable } from '../watch/process-table.ts';
import type { WatchHub } from '../watch/watch-hub.ts';

/** The stream of a process, and its word on what came through it. */
export function watchRoutes(hub: WatchHub, processes: ProcessTable, registry: RegistryStore): Route[] {
  return [
    {
      method: 'GET',
      path: API_PATHS.watch,
      access: 'member',
      handle({ query, peer, response }) {
        const watch = parseWatchQuery(query);
        if (!isName(watch.instance)) throw new WireError('instance must be letters, digits, . _ -');
        const member = peer as PeerIdentity;
        refuseForeign(member, watch.instance);
        registry.refuseForeign(member, watch.instance);
        hub.open(watch, member, response);
        return ANSWERED;
      },
    },
    {
      method: 'POST',
      path: API_PATHS.ack,
      access: 'member',
      async handle({ json, peer }) {
        const ack = checkAckBody(await json(), '');
        if (hub.acknowledge(ack, peer as PeerIdentity)) return undefined;
        throw new ApiError(404, 'not_found', `no stream of ${ack.instance} is open for this identity`);
      },
    },
  ];

  function refuseForeign({ principal }: PeerIdentity, instance: string): void {
    const holder = processes.holder(instance);
    if (holder === undefined || holder === principal.id) return;
    throw new LateenError(
      'LATEEN_REGISTER_REFUSED',
      `instance ${instance} is connected with another identity than ${principal.id}`,
      {
        target: instance,
        hint: 'choose another instance id',
      },
    );
  }
}
