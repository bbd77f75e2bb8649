import type { Static } from 'typebox';
import { limit, matchLabels, nullable, strings } from '../schema/fields.ts';
import { object, optional, string } from '../schema/json-schema.ts';

/** How a proxy runs. There is none. */
export const proxyConfigSchema = object({
  selector: optional(matchLabels()),
  concurrency: nullable(limit()),
  environmentVariables: optional(strings()),
  image: optional(object({ imageType: optional(string()) })),
});

export type ProxyConfigSpec = Static<typeof proxyConfigSchema>;
