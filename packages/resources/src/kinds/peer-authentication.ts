import type { Static } from 'typebox';
import { matchLabels, oneOf, refused } from '../schema/fields.ts';
import { object, optional, record } from '../schema/json-schema.ts';

const mutualTls = () => object({ mode: optional(oneOf(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'])) });

/** Whether a workload takes plaintext. */
export const peerAuthenticationSchema = object({
  selector: optional(matchLabels()),
  mtls: optional(mutualTls()),
  portLevelMtls: refused(
    Object.assign(record(mutualTls(), 'port-number'), { minProperties: 1 }),
    'a process serves the mesh on one port',
    'set mtls.mode for the workload',
  ),
});

export type PeerAuthenticationSpec = Static<typeof peerAuthenticationSchema>;
