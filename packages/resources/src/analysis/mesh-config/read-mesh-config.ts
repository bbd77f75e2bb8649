import { isNear } from '../../schema/nearness.ts';
import type { Finding } from '../../finding.ts';
import { makeFinding } from '../../make-finding.ts';
import { readYaml } from '../../yaml/yaml-documents.ts';
import { DEFAULT_MESH_CONFIG, type MeshConfig } from './mesh-config.ts';
import { MESH_CONFIG_FIELDS } from './mesh-config-fields.ts';

export interface ReadMeshConfig {
  readonly meshConfig: MeshConfig;
  readonly findings: readonly Finding[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Istio's mesh configuration, the text of `data.mesh` in the ConfigMap `istio`. Never throws; what makes no sense is a finding, and Istio's default holds. */
export function readMeshConfig(text: string, file: string): ReadMeshConfig {
  const findings: Finding[] = [];
  const origin = 'MeshConfig istio';
  const { objects, problems } = readYaml(text);
  for (const { line, column, message, fix } of problems)
    findings.push(makeFinding('LTN0003', { origin, file, line, column }, message, fix));
  const [object] = objects;
  if (!object) return { meshConfig: DEFAULT_MESH_CONFIG, findings };
  const tell = (pointer: string, message: string, fix?: string): void => {
    findings.push(makeFinding('LTN0007', { origin, file, ...object.positions.at(pointer) }, message, fix));
  };
  for (const name of Object.keys(object.value)) {
    if (MESH_CONFIG_FIELDS.has(name)) continue;
    const near = [...MESH_CONFIG_FIELDS].find((field) => isNear(field, name));
    tell(`/${name}`, `unknown field "${name}"`, near && `did you mean ${near}?`);
  }
  return { meshConfig: meshConfigOf(object.value, tell), findings };
}

type Tell = (pointer: string, message: string, fix?: string) => void;

function meshConfigOf(fields: Fields, tell: Tell): MeshConfig {
  const defaults = DEFAULT_MESH_CONFIG;
  const mode = fieldsOf(fields['outboundTrafficPolicy'])['mode'];
  if (mode !== undefined && mode !== 'ALLOW_ANY' && mode !== 'REGISTRY_ONLY')
    tell('/outboundTrafficPolicy/mode', `mode ${String(mode)} is neither ALLOW_ANY nor REGISTRY_ONLY`);
  const defaultProviders = fieldsOf(fields['defaultProviders']);
  const providers = providersOf(fields['extensionProviders'], tell);
  const meshConfig: MeshConfig = {
    rootNamespace: textOf(fields['rootNamespace']) ?? defaults.rootNamespace,
    trustDomain: textOf(fields['trustDomain']) ?? defaults.trustDomain,
    outboundTrafficPolicy: mode === 'REGISTRY_ONLY' ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    extensionProviders: new Map([...defaults.extensionProviders, ...providers]),
    defaultProviders: {
      accessLogging: textsOf(defaultProviders['accessLogging']),
      metrics: textsOf(defaultProviders['metrics']),
      tracing: textsOf(defaultProviders['tracing']),
    },
    allocatesAddresses: allocatesAddresses(fieldsOf(fieldsOf(fields['defaultConfig'])['proxyMetadata'])),
    hasIngressController: fields['ingressControllerMode'] !== 'OFF',
    ingressService: textOf(fields['ingressService']) ?? defaults.ingressService,
    pathNormalization: textOf(fieldsOf(fields['pathNormalization'])['normalization']) ?? defaults.pathNormalization,
  };
  for (const [use, names] of Object.entries(meshConfig.defaultProviders)) {
    for (const [index, name] of names.entries())
      if (!meshConfig.extensionProviders.has(name))
        tell(`/defaultProviders/${use}/${index}`, `default provider "${name}" is none of extensionProviders`);
  }
  return meshConfig;
}

function providersOf(value: unknown, tell: Tell): [string, string][] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry, index): [string, string][] => {
    const { name, ...kinds } = fieldsOf(entry);
    const [kind, ...more] = Object.keys(kinds);
    if (typeof name !== 'string' || kind === undefined || more.length > 0) {
      tell(`/extensionProviders/${index}`, 'a provider has a name and exactly one kind');
      return [];
    }
    return [[name, kind]];
  });
}

/** Istio's own rule: names are captured, and addresses made up for them. */
function allocatesAddresses(metadata: Fields): boolean {
  const isOn = (name: string): boolean => String(metadata[name]) === 'true';
  return isOn('ISTIO_META_DNS_CAPTURE') && (isOn('ISTIO_META_DNS_AUTO_ALLOCATE') || isOn('PILOT_ENABLE_IP_AUTOALLOCATE'));
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
