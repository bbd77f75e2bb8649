import { type Static, Type } from 'typebox';
import { object, oneOf, refused, stringMap } from '../schema/fields.ts';

const optional = Type.Optional;

/** Whether a workload takes plaintext. */
export const peerAuthenticationSchema = object({
  selector: optional(object({ matchLabels: optional(stringMap()) })),
  mtls: optional(object({ mode: optional(oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT')) })),
  portLevelMtls: refused('set mtls.mode for the workload; port-level modes are not available yet'),
});

export type PeerAuthenticationSpec = Static<typeof peerAuthenticationSchema>;
