import type { Static } from 'typebox';
import { oneOf, port, refused } from '../schema/fields.ts';
import { array, boolean, integer, object, optional, schemaOf, string } from '../schema/json-schema.ts';
import { backendReference } from './gateway-api-references.ts';

const anything = () => schemaOf<unknown>({});
const header = (format: string) => object({ name: string({ format }), value: string({ format: 'header-value' }) });

const headerModifier = () =>
  object({
    set: optional(array(header('settable-header'))),
    add: optional(array(header('addable-header'))),
    remove: optional(array(string({ format: 'own-header' }))),
  });

const pathModifier = () =>
  object({
    type: oneOf(['ReplaceFullPath', 'ReplacePrefixMatch']),
    replaceFullPath: optional(string()),
    replacePrefixMatch: optional(string()),
  });

const percent = () => schemaOf<number>({ type: 'integer', minimum: 0, maximum: 100 });

/** What a rule of a route does to a request or its answer besides sending it on. */
export const gatewayApiFilter = () =>
  object({
    type: oneOf(['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect', 'URLRewrite', 'RequestMirror', 'CORS'], {
      ExtensionRef: 'write what the extension does as a VirtualService',
      ExternalAuth: 'authorize in the application; external authorization is not available',
    }),
    requestHeaderModifier: optional(headerModifier()),
    responseHeaderModifier: optional(headerModifier()),
    requestRedirect: optional(
      object({
        scheme: optional(oneOf(['http', 'https'])),
        hostname: optional(string({ format: 'gateway-api-hostname' })),
        path: optional(pathModifier()),
        port: optional(port()),
        statusCode: optional(schemaOf<number>({ enum: [301, 302, 303, 307, 308] })),
      }),
    ),
    urlRewrite: optional(
      object({ hostname: optional(string({ format: 'gateway-api-hostname' })), path: optional(pathModifier()) }),
    ),
    requestMirror: optional(
      object({
        backendRef: object(backendReference()),
        percent: optional(percent()),
        fraction: optional(object({ numerator: integer(0, 2_147_483_647), denominator: optional(integer(1, 2_147_483_647)) })),
      }),
    ),
    cors: optional(
      object({
        allowOrigins: optional(array(string({ minLength: 1 }))),
        allowCredentials: optional(boolean()),
        allowMethods: optional(array(string({ minLength: 1 }))),
        allowHeaders: optional(array(string({ minLength: 1 }))),
        exposeHeaders: optional(array(string({ minLength: 1 }))),
        maxAge: optional(integer(1, 2_147_483_647)),
      }),
    ),
    extensionRef: refused(
      anything(),
      'extensions of other controllers do not exist here',
      'write what it does as a VirtualService',
    ),
    externalAuth: refused(anything(), 'nobody else is asked before a request is sent on', 'authorize in the application'),
  });

export type GatewayApiFilter = Static<ReturnType<typeof gatewayApiFilter>>;
