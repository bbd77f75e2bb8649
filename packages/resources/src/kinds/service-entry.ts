import type { Static } from 'typebox';
import { exportTo, label, oneOf, port, refused, selector } from '../schema/fields.ts';
import { array, integer, object, optional, record, string } from '../schema/json-schema.ts';

/** One address that serves: an endpoint of a ServiceEntry, and the spec of a WorkloadEntry. */
export const workloadEntrySchema = object({
  address: string({ format: 'address' }),
  ports: optional(record(port(), 'dns-label')),
  labels: optional(selector()),
  locality: optional(string()),
  weight: optional(integer(1, 4_294_967_295)),
  serviceAccount: optional(string()),
  network: refused('leave it out; all endpoints must be reachable directly'),
});

export type WorkloadEntrySpec = Static<typeof workloadEntrySchema>;

/** A host that no registry knows: where it is and what it speaks. */
export const serviceEntrySchema = object({
  hosts: array(string({ format: 'service-host' }), { minItems: 1 }),
  addresses: optional(array(string({ format: 'ip-or-cidr' }))),
  ports: optional(
    array(
      object({
        number: port(),
        name: label(),
        protocol: optional(oneOf(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTPS', 'TLS', 'TCP', 'MONGO'])),
        targetPort: optional(port()),
      }),
      { minItems: 1 },
    ),
  ),
  location: optional(oneOf(['MESH_EXTERNAL', 'MESH_INTERNAL'])),
  resolution: optional(oneOf(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN'], { DYNAMIC_DNS: 'name each host and write DNS' })),
  endpoints: optional(array(workloadEntrySchema)),
  workloadSelector: optional(object({ labels: optional(selector()) })),
  exportTo: optional(exportTo()),
  subjectAltNames: optional(array(string())),
});

export type ServiceEntrySpec = Static<typeof serviceEntrySchema>;
