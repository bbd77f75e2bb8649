import type { Analyzer } from '../analyzer.ts';
import { resourceFinding } from '../value-finding.ts';

/** IST0002: traces go to a provider of a kind that is going away. */
export const lightstepProvider: Analyzer = {
  name: 'telemetry.LightstepAnalyzer',
  description: 'No traces go to Lightstep by its own protocol',
  analyze: ({ of, meshConfig }) =>
    of('Telemetry').flatMap((telemetry) =>
      (telemetry.spec.tracing ?? [])
        .flatMap(({ providers = [] }) => providers.map(({ name = '' }) => name))
        .filter((name) => meshConfig.extensionProviders.get(name) === 'lightstep')
        .map((name) =>
          resourceFinding(
            'IST0002',
            telemetry,
            `Deprecated: The Lightstep provider ${name} is deprecated, please migrate to OpenTelemetry provider.`,
          ),
        ),
    ),
};
