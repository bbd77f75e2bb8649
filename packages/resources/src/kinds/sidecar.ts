import type { Static } from 'typebox';
import { count, moot, oneOf, refused, selector, serverTls } from '../schema/fields.ts';
import { array, object, optional, string } from '../schema/json-schema.ts';
import { inboundConnectionPool } from './connection-pool.ts';
import { destination } from './virtual-service.ts';

const NO_CAPTURE = 'no traffic is captured: calls come by the library, requests by the server of the application';

const sidecarPort = () =>
  object({
    number: optional(count()),
    name: optional(string()),
    protocol: optional(string()),
    targetPort: optional(count()),
  });

const captureMode = () => moot(oneOf(['DEFAULT', 'IPTABLES', 'NONE']), NO_CAPTURE);

/** What a workload sees of the mesh, and how it is called. */
export const sidecarSchema = object({
  workloadSelector: optional(object({ labels: optional(selector()) })),
  egress: optional(
    array(
      object({
        port: optional(sidecarPort()),
        bind: moot(string(), NO_CAPTURE),
        captureMode: captureMode(),
        hosts: array(string({ format: 'egress-host' }), { minItems: 1 }),
      }),
    ),
  ),
  ingress: optional(
    array(
      object({
        port: sidecarPort(),
        bind: moot(string(), NO_CAPTURE),
        captureMode: captureMode(),
        defaultEndpoint: moot(string(), 'requests arrive in the application itself'),
        tls: refused(serverTls(), 'a workload is served with its own identity', 'serve other certificates at a gateway'),
        connectionPool: optional(inboundConnectionPool()),
      }),
    ),
  ),
  inboundConnectionPool: optional(inboundConnectionPool()),
  outboundTrafficPolicy: optional(
    object({
      mode: optional(oneOf(['REGISTRY_ONLY', 'ALLOW_ANY'])),
      egressProxy: refused(
        destination(),
        'it stands for traffic that is captured on its way to hosts nobody knows, and nothing is captured',
        'name the hosts in a ServiceEntry, and route them to the proxy in a VirtualService',
      ),
    }),
  ),
});

export type SidecarSpec = Static<typeof sidecarSchema>;
