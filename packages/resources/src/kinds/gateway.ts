import type { Static } from 'typebox';
import { count, moot, nonEmptyText, oneOf, oneOfWords, orNull, refused, serverTlsFields, strings } from '../schema/fields.ts';
import { array, boolean, integer, object, optional, string } from '../schema/json-schema.ts';

const NO_TCP = 'serve it beside the gateway; the gateway speaks HTTP, and raw TCP never passes through it';

const protocol = () =>
  oneOfWords(['HTTP', 'HTTP2', 'HTTPS', 'GRPC', 'GRPC-WEB'], {
    TLS: NO_TCP,
    TCP: NO_TCP,
    MONGO: NO_TCP,
    REDIS: NO_TCP,
    MYSQL: NO_TCP,
  });

const tls = () =>
  object({
    ...serverTlsFields(),
    mode: optional(
      oneOf(['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'], {
        PASSTHROUGH: NO_TCP,
        AUTO_PASSTHROUGH: NO_TCP,
        ISTIO_MUTUAL: 'call services directly: inside the mesh every call is mTLS without a gateway',
      }),
    ),
    insecureSkipVerify: refused(
      orNull(boolean()),
      'a certificate that is asked for has to count',
      'write mode: OPTIONAL_MUTUAL for callers without one',
    ),
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
      tls: optional(tls()),
    }),
    { minItems: 1 },
  ),
});

export type GatewaySpec = Static<typeof gatewaySchema>;
