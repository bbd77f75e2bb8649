import type { Static } from 'typebox';
import { count, moot, nonEmptyText, oneOfWords, serverTls, strings } from '../schema/fields.ts';
import { array, integer, object, optional, string } from '../schema/json-schema.ts';

const NO_TCP = 'serve it beside the gateway; the gateway speaks HTTP, and raw TCP never passes through it';

const protocol = () =>
  oneOfWords(['HTTP', 'HTTP2', 'HTTPS', 'GRPC', 'GRPC-WEB'], {
    TLS: NO_TCP,
    TCP: NO_TCP,
    MONGO: NO_TCP,
    REDIS: NO_TCP,
    MYSQL: NO_TCP,
  });

/** What an ingress gateway listens to. */
export const gatewaySchema = object({
  selector: optional(strings()),
  servers: array(
    object({
      name: optional(string()),
      port: object({
        number: integer(0, 65_535, 'uint32'),
        name: nonEmptyText(),
        protocol: protocol(),
        targetPort: moot(count(), 'the gateway listens on the port itself'),
      }),
      hosts: array(string({ format: 'gateway-host' }), { minItems: 1 }),
      bind: optional(string()),
      defaultEndpoint: moot(string(), 'Istio does not implement it either'),
      tls: optional(serverTls()),
    }),
    { minItems: 1 },
  ),
});

export type GatewaySpec = Static<typeof gatewaySchema>;
