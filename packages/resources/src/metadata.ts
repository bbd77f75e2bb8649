import type { ResourceMetadata } from './resource.ts';
import { isDomain } from './schema/host-formats.ts';
import type { SchemaProblem } from './schema/schema-problem.ts';
import { escapePointer } from './yaml/positions.ts';

/** What is wrong with a resource's `metadata`. Fields that the mesh does not read (Kubernetes has many) are left alone. */
export function metadataProblems(value: unknown): SchemaProblem[] {
  if (value === undefined || value === null) return [{ kind: 'invalid', pointer: '', message: 'metadata.name is missing' }];
  if (!isObject(value)) return [{ kind: 'unreadable', pointer: '', message: 'metadata must be an object' }];
  return [...nameProblems(value), ...mapProblems(value, 'labels'), ...mapProblems(value, 'annotations')];
}

/** The `metadata` as far as it makes sense: enough to say which resource a finding is about. */
export function readMetadata(value: unknown, defaultNamespace: string): ResourceMetadata {
  const { name, namespace, labels, annotations, creationTimestamp } = isObject(value) ? value : {};
  return {
    name: typeof name === 'string' ? name : '',
    namespace: typeof namespace === 'string' && namespace !== '' ? namespace : defaultNamespace,
    labels: stringsOf(labels),
    annotations: stringsOf(annotations),
    ...(typeof creationTimestamp === 'string' ? { creationTimestamp } : {}),
  };
}

/** Names become parts of keys, paths and cluster names, so Kubernetes' rule for them holds here too. */
function nameProblems({ name, generateName, namespace }: Readonly<Record<string, unknown>>): SchemaProblem[] {
  const problems = namespace === undefined || namespace === '' ? [] : nameProblem('namespace', namespace);
  if (name !== undefined && name !== '') return [...nameProblem('name', name), ...problems];
  if (typeof generateName === 'string' && generateName !== '') return [{ ...GENERATED, pointer: '/generateName' }, ...problems];
  return [{ kind: 'invalid', pointer: '', message: 'metadata.name is missing' }, ...problems];
}

const GENERATED = {
  kind: 'refused',
  message: "metadata.generateName is not supported: it is Kubernetes' API server that gives names",
  fix: 'write metadata.name',
} as const;

function nameProblem(field: 'name' | 'namespace', value: unknown): SchemaProblem[] {
  if (isName(value)) return [];
  const kind = typeof value === 'string' || value === null ? 'invalid' : 'unreadable';
  return [{ kind, pointer: `/${field}`, message: `metadata.${field}: ${JSON.stringify(value)} is not ${NAME}` }];
}

const NAME = 'a name of lower-case letters, digits, dashes and dots';

/** A name may be digits only, which no domain may. */
const isName = (value: unknown): boolean =>
  typeof value === 'string' && isDomain(`${value}.name`) && value === value.toLowerCase();

function mapProblems(metadata: Readonly<Record<string, unknown>>, field: 'labels' | 'annotations'): SchemaProblem[] {
  const map = metadata[field] ?? {};
  if (!isObject(map)) return [{ kind: 'unreadable', pointer: `/${field}`, message: `metadata.${field} must be an object` }];
  return Object.entries(map)
    .filter(([, value]) => typeof value !== 'string')
    .map(([key, value]) => ({
      kind: value === null ? 'invalid' : 'unreadable',
      pointer: `/${field}/${escapePointer(key)}`,
      message: `metadata.${field}: ${key} must be a string; quote it`,
    }));
}

function stringsOf(value: unknown): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
