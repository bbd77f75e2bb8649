import type { MeshConfig } from '@lateen/routing';
import type { ProviderNames } from '@lateen/telemetry';

/** Which names in Telemetry resources mean the metrics and the access log of this process. */
export function ownProviders({ extensionProviders = [] }: MeshConfig): ProviderNames {
  const named = (field: 'prometheus' | 'envoyFileAccessLog'): string[] =>
    extensionProviders.filter((provider) => provider[field] !== undefined).map(({ name }) => name);
  return {
    metrics: new Set(['prometheus', ...named('prometheus')]),
    accessLogging: new Set(['envoy', ...named('envoyFileAccessLog')]),
  };
}
