import type { MeshConfig } from '@lateen/routing';

/** Every field that decides about something here, so that one more in the type is one more in this list. */
const FIELDS: Readonly<Record<keyof MeshConfig, true>> = {
  accessLogEncoding: true,
  accessLogFile: true,
  connectTimeout: true,
  defaultConfig: true,
  defaultDestinationRuleExportTo: true,
  defaultHttpRetryPolicy: true,
  defaultProviders: true,
  defaultServiceExportTo: true,
  defaultVirtualServiceExportTo: true,
  extensionProviders: true,
  localityLbSetting: true,
  outboundTrafficPolicy: true,
  pathNormalization: true,
  rootNamespace: true,
  shadowHostSuffix: true,
};

const PROXY_FIELDS: Readonly<Record<keyof NonNullable<MeshConfig['defaultConfig']>, true>> = {
  gatewayTopology: true,
  proxyHeaders: true,
};

/** One sentence for each field of a mesh's configuration that has no effect in a process: a whole `MeshConfig` may be handed over as it is. */
export function meshConfigWarnings(meshConfig: MeshConfig): string[] {
  const unknown = [
    ...Object.keys(meshConfig).filter((name) => !(name in FIELDS)),
    ...Object.keys(meshConfig.defaultConfig ?? {})
      .filter((name) => !(name in PROXY_FIELDS))
      .map((name) => `defaultConfig.${name}`),
  ];
  return unknown.map((name) => `meshConfig.${name} has no effect inside a process`);
}
