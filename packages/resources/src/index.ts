export { CODES, documentationUrl, type FindingCode } from './codes.ts';
export * from './finding.ts';
export {
  type DestinationRuleSpec,
  type GatewaySpec,
  type Kind,
  KINDS,
  type PeerAuthenticationSpec,
  REFUSED_KINDS,
  resourcesOfKind,
  type ServiceEntrySpec,
  type Specs,
  type VirtualServiceSpec,
  type WorkloadEntrySpec,
} from './kinds/index.ts';
export { findingAt, formatFinding } from './make-finding.ts';
export { type ParsedResources, type ParseOptions, parseResources } from './parse-resources.ts';
export * from './resource.ts';
export * from './resource-set.ts';
export { loadResources } from './store/load-resources.ts';
export { makeRevision } from './store/make-revision.ts';
export { mergeResources, removeResources } from './store/merge-resources.ts';
export { type ResourceStore, watchResources, type WatchOptions } from './store/watch-resources.ts';
