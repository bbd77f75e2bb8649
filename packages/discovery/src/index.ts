export { consulRegistry, type ConsulRegistryOptions } from './consul/consul-registry.ts';
export { type DnsAddress, type DnsLookup, dnsLookup } from './dns/dns-lookup.ts';
export { mergeRegistries } from './merge-registries.ts';
export * from './registry.ts';
export { staticRegistry, type StaticRegistryOptions } from './static/static-registry.ts';
export { type ServicesOfFilesOptions, withServicesOfFiles } from './static/with-services-of-files.ts';
