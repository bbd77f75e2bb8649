import type { Static } from 'typebox';
import { count, moot, nonEmptyText, oneOfWords, refused, refusedBut, serverTlsFields, strings } from '../schema/fields.ts';
import { array, integer, object, optional, string } from '../schema/json-schema.ts';

const NO_TLS = 'the gateway does not end TLS';
const END_TLS_BEFORE = 'end TLS in front of the gateway, at the load balancer, and write protocol: HTTP';
const NO_TCP = 'serve it beside the gateway; the gateway speaks HTTP, and raw TCP never passes through it';

const protocol = () =>
  oneOfWords(['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'], {
    HTTPS: END_TLS_BEFORE,
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
      bind: refused(string(), 'the gateway listens where it is told at its start', 'start the gateway with --host'),
      defaultEndpoint: moot(string(), 'Istio does not implement it either'),
      tls: optional(object(refusedBut(serverTlsFields(), ['httpsRedirect'], NO_TLS, END_TLS_BEFORE))),
    }),
    { minItems: 1 },
  ),
});

export type GatewaySpec = Static<typeof gatewaySchema>;
