import { API_LIMITS, API_PATHS, checkApplyBody, checkDeleteBody, type ConfigReply } from '@lateen/control';
import type { ConfigStore } from '../config/config-store.ts';
import { ApiError } from '../http/api-error.ts';
import type { Route } from '../http/route.ts';

/** Reading and changing the configuration. */
export function configRoutes(config: ConfigStore): Route[] {
  return [
    {
      method: 'GET',
      path: API_PATHS.config,
      access: 'admin',
      async handle({ query }): Promise<ConfigReply> {
        const text = query.get('revision');
        if (text === null) return config.current();
        const found = /^\d{1,9}$/.test(text) ? await config.revisionAt(Number(text)) : undefined;
        if (found) return found;
        throw new ApiError(404, 'not_found', `there is no revision ${JSON.stringify(text)}`);
      },
    },
    { method: 'GET', path: API_PATHS.configHistory, access: 'admin', handle: () => config.history() },
    {
      method: 'POST',
      path: API_PATHS.configApply,
      access: 'admin',
      handle: async ({ json }) => config.apply(checkApplyBody(await json(API_LIMITS.configBodyBytes), '')),
    },
    {
      method: 'POST',
      path: API_PATHS.configDelete,
      access: 'admin',
      handle: async ({ json }) => config.remove(checkDeleteBody(await json(), '')),
    },
  ];
}
