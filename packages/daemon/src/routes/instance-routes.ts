import { API_LIMITS, API_PATHS, checkRegisterBody } from '@lateen/control';
import type { PeerIdentity } from '@lateen/identity';
import { ApiError } from '../http/api-error.ts';
import type { Route } from '../http/route.ts';
import type { RegistryStore } from '../registry/registry-store.ts';
import type { WatchHub } from '../watch/watch-hub.ts';

/** Entering the registry and leaving it. */
export function instanceRoutes(registry: RegistryStore, hub: WatchHub): Route[] {
  return [
    {
      method: 'PUT',
      path: API_PATHS.instances,
      access: 'member',
      async handle({ name, json, peer }) {
        return registry.put(peer as PeerIdentity, name, checkRegisterBody(await json(), ''));
      },
    },
    {
      method: 'DELETE',
      path: API_PATHS.instances,
      access: 'member',
      /** Answers when the other processes have seen it: until then some still send here. */
      async handle({ name, query, peer }) {
        const servicePort = whole(query, 'servicePort', 65_535);
        const timeoutMs = whole(query, 'ackTimeoutMs', API_LIMITS.maxDeregisterAckMs) ?? API_LIMITS.deregisterAckMs;
        const version = registry.remove(peer as PeerIdentity, name, servicePort, timeoutMs > 0);
        if (version !== undefined) await hub.registrySeen(version, name, timeoutMs);
        return undefined;
      },
    },
  ];
}

function whole(query: URLSearchParams, field: string, max: number): number | undefined {
  const text = query.get(field);
  if (text === null) return undefined;
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value <= max) return value;
  throw new ApiError(400, 'bad_request', `${field} must be a whole number up to ${max}`);
}
