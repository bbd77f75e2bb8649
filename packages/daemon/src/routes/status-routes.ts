import { API_PATHS, type StatusReply } from '@lateen/control';
import type { Route } from '../http/route.ts';

/** How mesh and lateend are. */
export function statusRoutes(status: () => StatusReply): Route[] {
  return [{ method: 'GET', path: API_PATHS.status, access: 'admin', handle: status }];
}
