import type { Static } from 'typebox';
import { limit, matchLabels, moot, strings } from '../schema/fields.ts';
import { object, optional, string } from '../schema/json-schema.ts';

const NO_PROXY = 'there is no proxy: the mesh runs in the process';

/** How a proxy runs. There is none. */
export const proxyConfigSchema = object({
  selector: optional(matchLabels()),
  concurrency: moot(Object.assign(limit(), { nullable: true }), NO_PROXY),
  environmentVariables: moot(strings(), NO_PROXY),
  image: moot(object({ imageType: optional(string()) }), NO_PROXY),
});

export type ProxyConfigSpec = Static<typeof proxyConfigSchema>;
