import type { Static } from 'typebox';
import { oneOf, refused, selector } from '../schema/fields.ts';
import { object, optional } from '../schema/json-schema.ts';

/** Whether a workload takes plaintext. */
export const peerAuthenticationSchema = object({
  selector: optional(object({ matchLabels: optional(selector()) })),
  mtls: optional(object({ mode: optional(oneOf(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'])) })),
  portLevelMtls: refused('set mtls.mode for the workload; port-level modes are not available yet'),
});

export type PeerAuthenticationSpec = Static<typeof peerAuthenticationSchema>;
