import { type Static, Type } from 'typebox';
import { host, label, object, oneOf, port, refused, stringMap } from '../schema/fields.ts';

const optional = Type.Optional;

/** One address that serves: an endpoint of a ServiceEntry, and the spec of a WorkloadEntry. */
export const workloadEntrySchema = object({
  address: Type.String({ minLength: 1 }),
  ports: optional(Type.Record(Type.String(), port())),
  labels: optional(stringMap()),
  locality: optional(Type.String()),
  weight: optional(Type.Integer({ minimum: 1, maximum: 4_294_967_295 })),
  serviceAccount: optional(Type.String()),
  network: refused('leave it out; all endpoints must be reachable directly'),
});

export type WorkloadEntrySpec = Static<typeof workloadEntrySchema>;

/** A host that no registry knows: where it is and what it speaks. */
export const serviceEntrySchema = object({
  hosts: Type.Array(host(), { minItems: 1 }),
  addresses: optional(Type.Array(Type.String())),
  ports: optional(
    Type.Array(
      object({
        number: port(),
        name: label(),
        protocol: optional(oneOf('HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO')),
        targetPort: optional(port()),
      }),
      { minItems: 1 },
    ),
  ),
  location: optional(oneOf('MESH_EXTERNAL', 'MESH_INTERNAL')),
  resolution: optional(oneOf('NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN')),
  endpoints: optional(Type.Array(workloadEntrySchema)),
  workloadSelector: optional(object({ labels: optional(stringMap()) })),
  exportTo: optional(Type.Array(Type.String())),
  subjectAltNames: optional(Type.Array(Type.String())),
});

export type ServiceEntrySpec = Static<typeof serviceEntrySchema>;
