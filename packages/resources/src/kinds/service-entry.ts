import type { Static } from 'typebox';
import { count, exportToOrNone, label, labels, moot, oneOf, oneOfWords, port, selector } from '../schema/fields.ts';
import { array, object, optional, record, string } from '../schema/json-schema.ts';

/** What a WorkloadEntry says, but for its address. */
export const workloadFields = () => ({
  ports: optional(record(port(), 'dns-label')),
  labels: optional(labels()),
  locality: optional(string({ maxLength: 2_048 })),
  weight: optional(count()),
  serviceAccount: optional(string({ maxLength: 253 })),
  network: moot(string(), 'there are no gateways between networks; endpoints are reached at their address'),
});

/** One address that serves: an endpoint of a ServiceEntry, and the spec of a WorkloadEntry. */
export const workloadEntrySchema = object({
  address: optional(string({ format: 'address', maxLength: 256 })),
  ...workloadFields(),
});

export type WorkloadEntrySpec = Static<typeof workloadEntrySchema>;

/** A host that no registry knows: where it is and what it speaks. */
export const serviceEntrySchema = object({
  hosts: array(string({ format: 'service-host' }), { minItems: 1, maxItems: 256 }),
  addresses: optional(array(string({ format: 'ip-or-cidr' }), { maxItems: 256 })),
  ports: optional(
    array(
      object({
        number: port(),
        name: label(),
        protocol: optional(
          oneOfWords(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO', 'REDIS', 'MYSQL', 'UDP', '']),
        ),
        targetPort: optional(port()),
      }),
      { maxItems: 256 },
    ),
  ),
  location: optional(oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL'])),
  resolution: optional(oneOf(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS'])),
  endpoints: optional(array(workloadEntrySchema, { maxItems: 4_096 })),
  workloadSelector: optional(object({ labels: optional(selector()) })),
  exportTo: optional(exportToOrNone()),
  subjectAltNames: optional(array(string())),
});

export type ServiceEntrySpec = Static<typeof serviceEntrySchema>;
