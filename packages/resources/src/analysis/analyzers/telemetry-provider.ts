import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0157: an access log without provider, and the mesh has no default one: nothing is written. */
export const telemetryProvider: Analyzer = {
  name: 'telemetry.ProviderAnalyzer',
  description: 'Access logs of Telemetries have a provider',
  analyze({ of, meshConfig }) {
    if (meshConfig.defaultProviders.accessLogging.length > 0) return [];
    return of('Telemetry').flatMap((telemetry) => {
      const { name, namespace } = telemetry.metadata;
      const unheard = (telemetry.spec.accessLogging ?? []).some(
        ({ disabled, providers = [] }) => !disabled && providers.length === 0,
      );
      if (!unheard) return [];
      return [
        resourceFinding(
          'IST0157',
          telemetry,
          `The Telemetry ${name} in namespace "${namespace}" with empty providers will be ignored.`,
        ),
      ];
    });
  },
};
