import type { Analyzer } from '../analyzer.ts';
import { annotations } from './annotations.ts';
import { caCertificates } from './ca-certificates.ts';
import { conflictingGateways } from './conflicting-gateways.ts';
import { conflictingMeshHosts } from './conflicting-mesh-hosts.ts';
import { conflictingServiceEntries } from './conflicting-service-entries.ts';
import { coveredMatch } from './covered-match.ts';
import { deprecatedField } from './deprecated-field.ts';
import { destinationHost } from './destination-host.ts';
import { destinationRuleHost } from './destination-rule-host.ts';
import { destinationSubset } from './destination-subset.ts';
import { gatewayCertificate } from './gateway-certificate.ts';
import { gatewayCredential } from './gateway-credential.ts';
import { gatewayPort } from './gateway-port.ts';
import { gatewaySelector } from './gateway-selector.ts';
import { ingressSubset } from './ingress-subset.ts';
import { jwksFetch } from './jwks-fetch.ts';
import { jwtClaimRoute } from './jwt-claim-route.ts';
import { lightstepProvider } from './lightstep-provider.ts';
import { policyNamespace } from './policy-namespace.ts';
import { policySelectsNothing } from './policy-selects-nothing.ts';
import { portName } from './port-name.ts';
import { referencedDelegate } from './referenced-delegate.ts';
import { referencedGateway } from './referenced-gateway.ts';
import { serviceEntryAddresses } from './service-entry-addresses.ts';
import { servicesOfDeployment } from './services-of-deployment.ts';
import { sidecarSelector } from './sidecar-selector.ts';
import { subsetSelectsNothing } from './subset-selects-nothing.ts';
import { telemetryProvider } from './telemetry-provider.ts';
import { telemetryDefault, telemetrySelector } from './telemetry-selector.ts';
import { unreachableRule } from './unreachable-rule.ts';

/** Every analyzer. A new one is a file here and a line in this list. */
export const ANALYZERS: readonly Analyzer[] = [
  // istioctl's codes
  annotations,
  caCertificates,
  conflictingGateways,
  conflictingMeshHosts,
  conflictingServiceEntries,
  coveredMatch,
  deprecatedField,
  destinationHost,
  destinationRuleHost,
  destinationSubset,
  gatewayCertificate,
  gatewayCredential,
  gatewayPort,
  gatewaySelector,
  ingressSubset,
  jwksFetch,
  jwtClaimRoute,
  lightstepProvider,
  policyNamespace,
  policySelectsNothing,
  portName,
  referencedDelegate,
  referencedGateway,
  serviceEntryAddresses,
  servicesOfDeployment,
  sidecarSelector,
  subsetSelectsNothing,
  telemetryDefault,
  telemetryProvider,
  telemetrySelector,
  unreachableRule,
];
