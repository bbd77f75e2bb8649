import type { Analyzer } from '../analyzer.ts';
import { annotations } from './annotations.ts';
import { caCertificates } from './ca-certificates.ts';
import { conflictingGateways } from './conflicting-gateways.ts';
import { conflictingMeshHosts } from './conflicting-mesh-hosts.ts';
import { conflictingServiceEntries } from './conflicting-service-entries.ts';
import { corsCredentials } from './cors-credentials.ts';
import { coveredMatch } from './covered-match.ts';
import { deprecatedField } from './deprecated-field.ts';
import { destinationHost } from './destination-host.ts';
import { destinationRuleHost } from './destination-rule-host.ts';
import { destinationSubset } from './destination-subset.ts';
import { egressHost } from './egress-host.ts';
import { ejectionNever } from './ejection-never.ts';
import { entriesOfHost } from './entries-of-host.ts';
import { entryShadowsService } from './entry-shadows-service.ts';
import { exactDeny } from './exact-deny.ts';
import { exportToNamespace } from './export-to-namespace.ts';
import { faults } from './faults.ts';
import { gatewayCertificate } from './gateway-certificate.ts';
import { gatewayCredential } from './gateway-credential.ts';
import { gatewayPort } from './gateway-port.ts';
import { gatewaySelector } from './gateway-selector.ts';
import { httpRouteReferences } from './http-route-references.ts';
import { ingressSubset } from './ingress-subset.ts';
import { jwksFetch } from './jwks-fetch.ts';
import { jwtClaimRoute } from './jwt-claim-route.ts';
import { lightstepProvider } from './lightstep-provider.ts';
import { limitsWithoutEjection } from './limits-without-ejection.ts';
import { matchGateways } from './match-gateways.ts';
import { mirrorWithoutPercentage } from './mirror-without-percentage.ts';
import { noCatchAll } from './no-catch-all.ts';
import { overlappingGatewayHosts } from './overlapping-gateway-hosts.ts';
import { peerAuthenticationScope } from './peer-authentication-scope.ts';
import { policyDeniesAll } from './policy-denies-all.ts';
import { policyMatchesNothing } from './policy-matches-nothing.ts';
import { policyNamespace } from './policy-namespace.ts';
import { policyOperationValues } from './policy-operations.ts';
import { policySelectsNothing } from './policy-selects-nothing.ts';
import { policySourceValues } from './policy-sources.ts';
import { portName } from './port-name.ts';
import { prefixOfLongerWord } from './prefix-of-longer-word.ts';
import { referencedDelegate } from './referenced-delegate.ts';
import { referencedGateway } from './referenced-gateway.ts';
import { retryOfUnsafeMethod } from './retry-of-unsafe-method.ts';
import { rivalsAtGateway } from './rivals-at-gateway.ts';
import { routeShadowed } from './route-shadowed.ts';
import { routeWeights } from './route-weights.ts';
import { serviceEntryAddresses } from './service-entry-addresses.ts';
import { servicesOfDeployment } from './services-of-deployment.ts';
import { sidecarSelector } from './sidecar-selector.ts';
import { subsetDefinedTwice } from './subset-defined-twice.ts';
import { subsetLabels } from './subset-labels.ts';
import { subsetSelectsNothing } from './subset-selects-nothing.ts';
import { subsetWithoutTraffic } from './subset-without-traffic.ts';
import { telemetryProvider } from './telemetry-provider.ts';
import { telemetryDefault, telemetrySelector } from './telemetry-selector.ts';
import { timeoutAboveCallers } from './timeout-above-callers.ts';
import { timeoutBelowRetries } from './timeout-below-retries.ts';
import { tlsAgainstPolicy } from './tls-against-policy.ts';
import { unknownProvider } from './unknown-provider.ts';
import { unreachableRule } from './unreachable-rule.ts';
import { workloadWithoutPolicy } from './workload-without-policy.ts';
import { wrongCase } from './wrong-case.ts';

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
  // our own, where Istio is silent
  corsCredentials,
  egressHost,
  ejectionNever,
  entriesOfHost,
  entryShadowsService,
  exactDeny,
  exportToNamespace,
  faults,
  httpRouteReferences,
  limitsWithoutEjection,
  matchGateways,
  mirrorWithoutPercentage,
  noCatchAll,
  overlappingGatewayHosts,
  peerAuthenticationScope,
  policyDeniesAll,
  policyMatchesNothing,
  policyOperationValues,
  policySourceValues,
  prefixOfLongerWord,
  retryOfUnsafeMethod,
  rivalsAtGateway,
  routeShadowed,
  routeWeights,
  subsetDefinedTwice,
  subsetLabels,
  subsetWithoutTraffic,
  timeoutAboveCallers,
  timeoutBelowRetries,
  tlsAgainstPolicy,
  unknownProvider,
  workloadWithoutPolicy,
  wrongCase,
];
