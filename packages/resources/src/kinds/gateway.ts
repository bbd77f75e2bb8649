import { type Static, Type } from 'typebox';
import { label, object, oneOf, port, refused, stringMap } from '../schema/fields.ts';

const optional = Type.Optional;

/** What an ingress gateway listens to. */
export const gatewaySchema = object({
  selector: optional(stringMap()),
  servers: Type.Array(
    object({
      name: optional(Type.String()),
      port: object({
        number: port(),
        name: label(),
        protocol: oneOf('HTTP', 'HTTP2'),
        targetPort: refused('write the port itself'),
      }),
      hosts: Type.Array(Type.String({ format: 'gateway-host' }), { minItems: 1 }),
      bind: refused('start the gateway with --host'),
      defaultEndpoint: refused('leave it out; Istio does not implement it either'),
      tls: refused('serve HTTP behind your TLS terminator; gateway TLS is not available yet'),
    }),
    { minItems: 1 },
  ),
});

export type GatewaySpec = Static<typeof gatewaySchema>;
