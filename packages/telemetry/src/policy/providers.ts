/** What a mesh configuration says of providers, by their names. */
export interface ProviderNames {
  /** Of `extensionProviders`, those that are this process's own metrics. Besides `prometheus`. */
  readonly metrics: ReadonlySet<string>;
  /** Those that are this process's own access log. Besides `envoy`. */
  readonly accessLogging: ReadonlySet<string>;
}

export const OWN_METRICS = 'prometheus';
export const OWN_ACCESS_LOG = 'envoy';

export const BUILT_IN_PROVIDERS: ProviderNames = {
  metrics: new Set([OWN_METRICS]),
  accessLogging: new Set([OWN_ACCESS_LOG]),
};

/** Whether a block is for a provider of this process; `undefined` where it names none and what holds so far goes on. */
export function isForOwn(
  providers: readonly { readonly name: string }[] | undefined,
  own: ReadonlySet<string>,
): boolean | undefined {
  return providers && providers.length > 0 ? providers.some(({ name }) => own.has(name)) : undefined;
}
