import type { Static } from 'typebox';
import { label, oneOf, port, refused, selector } from '../schema/fields.ts';
import { array, object, optional, string } from '../schema/json-schema.ts';

const NO_TLS = 'serve HTTP behind your TLS terminator; gateway TLS is not available yet';
const NO_TCP = 'the gateway speaks HTTP; raw TCP is not available yet';

const protocol = () =>
  oneOf(['HTTP', 'HTTP2'], {
    HTTPS: NO_TLS,
    TLS: NO_TLS,
    TCP: NO_TCP,
    MONGO: NO_TCP,
    GRPC: 'write HTTP; gRPC is not available yet',
    'GRPC-WEB': 'write HTTP; gRPC is not available yet',
  });

/** What an ingress gateway listens to. */
export const gatewaySchema = object({
  selector: optional(selector()),
  servers: array(
    object({
      name: optional(string()),
      port: object({
        number: port(),
        name: label(),
        protocol: protocol(),
        targetPort: refused('write the port itself'),
      }),
      hosts: array(string({ format: 'gateway-host' }), { minItems: 1 }),
      bind: refused('start the gateway with --host'),
      defaultEndpoint: refused('leave it out; Istio does not implement it either'),
      tls: refused(NO_TLS),
    }),
    { minItems: 1 },
  ),
});

export type GatewaySpec = Static<typeof gatewaySchema>;
