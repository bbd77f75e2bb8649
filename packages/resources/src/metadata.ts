import type { ResourceMetadata } from './resource.ts';
import { isDomain } from './schema/host-formats.ts';
import { escapePointer } from './yaml/positions.ts';

export interface MetadataProblem {
  /** JSON pointer below `metadata`. */
  readonly pointer: string;
  readonly message: string;
}

/** What is wrong with a resource's `metadata`. Fields that the mesh does not read (Kubernetes has many) are left alone. */
export function metadataProblems(value: unknown): MetadataProblem[] {
  if (!isObject(value)) return [{ pointer: '', message: 'metadata.name is missing' }];
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
function nameProblems({ name, namespace }: Readonly<Record<string, unknown>>): MetadataProblem[] {
  if (name === undefined || name === '') return [{ pointer: '', message: 'metadata.name is missing' }];
  const problems: MetadataProblem[] = [];
  if (!isName(name)) problems.push({ pointer: '/name', message: `metadata.name: ${JSON.stringify(name)} is not ${NAME}` });
  if (namespace !== undefined && namespace !== '' && !isName(namespace))
    problems.push({ pointer: '/namespace', message: `metadata.namespace: ${JSON.stringify(namespace)} is not ${NAME}` });
  return problems;
}

const NAME = 'a name of lower-case letters, digits, dashes and dots';

/** A name may be digits only, which no domain may. */
const isName = (value: unknown): boolean =>
  typeof value === 'string' && isDomain(`${value}.name`) && value === value.toLowerCase();

function mapProblems(metadata: Readonly<Record<string, unknown>>, field: 'labels' | 'annotations'): MetadataProblem[] {
  const map = metadata[field] ?? {};
  if (!isObject(map)) return [{ pointer: `/${field}`, message: `metadata.${field} must be an object` }];
  return Object.entries(map)
    .filter(([, value]) => typeof value !== 'string')
    .map(([key]) => ({
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
