import type { Finding } from '../../finding.ts';
import type { AnalysisContext } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';

const LTN0125: CheckDeclaration = {
  code: 'LTN0125',
  level: 'Warning',
  title: 'A provider that nobody defines',
  what: 'A Telemetry or a CUSTOM AuthorizationPolicy names a provider that is none of `extensionProviders` in the mesh configuration; without `--meshConfigFile` those are `prometheus`, `stackdriver` and `envoy`.',
  why: 'Without its provider a CUSTOM policy denies every request it is for; telemetry goes nowhere.',
  mend: 'Define the provider in the mesh configuration (`--meshConfigFile`), or name one that is there.',
  example: `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: traces}
spec:
  tracing:
  - providers: [{name: tempo}]`,
};

/** LTN0125: somebody is asked who is not there. */
export const unknownProvider: Analyzer = {
  name: 'lateen.ProviderAnalyzer',
  description: 'Providers are defined in the mesh configuration',
  checks: [LTN0125],
  analyze: (context) => [...ofTelemetries(context), ...ofPolicies(context)],
};

const MEND = 'define it in extensionProviders of the mesh configuration';

function ofTelemetries({ of, meshConfig }: AnalysisContext): Finding[] {
  return of('Telemetry').flatMap((telemetry) =>
    (['tracing', 'metrics', 'accessLogging'] as const).flatMap((use) =>
      (telemetry.spec[use] ?? []).flatMap(({ providers = [] }, index) =>
        providers.flatMap(({ name = '' }, position) => {
          if (name === '' || meshConfig.extensionProviders.has(name)) return [];
          const at = `/spec/${use}/${index}/providers/${position}/name`;
          return [ownFinding(LTN0125, telemetry, at, `provider "${name}" is not defined`, MEND)];
        }),
      ),
    ),
  );
}

function ofPolicies({ of, meshConfig }: AnalysisContext): Finding[] {
  return of('AuthorizationPolicy').flatMap((policy) => {
    const { action, provider } = policy.spec;
    const name = provider?.name ?? '';
    if (action !== 'CUSTOM' || name === '' || meshConfig.extensionProviders.has(name)) return [];
    const message = `provider "${name}" is not defined: every request that a rule matches is denied`;
    return [ownFinding(LTN0125, policy, '/spec/provider/name', message, MEND)];
  });
}
