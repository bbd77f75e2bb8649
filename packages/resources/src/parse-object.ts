import { CODES } from './codes.ts';
import type { Finding } from './finding.ts';
import { DEFINITIONS, KINDS, type Kind, kindWrittenAs } from './kinds/index.ts';
import type { KindDefinition } from './kinds/kind-definition.ts';
import { declaredFinding, type FindingPlace, makeFinding } from './make-finding.ts';
import { metadataProblems, readMetadata } from './metadata.ts';
import { type Resource, resourceName } from './resource.ts';
import { checkSpecRules } from './rules/spec-rules.ts';
import { schemaProblems } from './schema/check-schema.ts';
import { decodeLeniently } from './schema/decode-leniently.ts';
import type { SchemaNode } from './schema/schema-node.ts';
import type { SchemaProblem } from './schema/schema-problem.ts';
import { refusedKind, unknownKind } from './unknown-kind.ts';
import { readAsYaml11 } from './yaml/read-as-yaml-1-1.ts';
import type { AmbiguousScalar } from './yaml/positions.ts';
import type { YamlObject } from './yaml/yaml-documents.ts';

export type RefusalLevel = 'Error' | 'Info';

export interface ObjectOptions {
  readonly file: string;
  readonly defaultNamespace: string;
  readonly refusals?: RefusalLevel;
}

export interface ParsedObject {
  /** Absent when it is nobody's here, or so wrong that nothing can be made of it. */
  readonly resource?: Resource;
  readonly findings: readonly Finding[];
}

/** Where the parts of one object stand, for its findings. */
interface Places {
  /** By JSON pointer below the document. */
  readonly at: (pointer: string) => FindingPlace;
  /** Pointer of what its spec is. */
  readonly spec: string;
  readonly refusals: RefusalLevel;
}

const TOP_LEVEL_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** One resource, and all that is wrong with it. */
export function parseObject({ value, positions }: YamlObject, options: ObjectOptions): ParsedObject {
  const { file, defaultNamespace, refusals = 'Error' } = options;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const place = (pointer: string, origin = file): FindingPlace => ({ origin, file, ...positions.at(pointer) });
  if (typeof apiVersion !== 'string' || typeof kind !== 'string')
    return { findings: [makeFinding('IST0106', place(''), 'this is no resource: apiVersion and kind are missing')] };
  const known = kindWrittenAs(apiVersion, kind);
  const definition = known && DEFINITIONS[known];
  const metadata = readMetadata(value['metadata'], definition?.clusterScoped ? '' : defaultNamespace);
  const origin = resourceName({ kind, metadata });
  if (!known || !definition) return { findings: unknownKind(apiVersion, kind, place('/kind', origin), refusals) };
  const { spec, at } = specOf(value, definition);
  readAsYaml11(definition.schema as SchemaNode, spec, at, positions.ambiguous);
  const places: Places = { at: (pointer) => place(pointer, origin), spec: at, refusals };
  const problems = schemaProblems(definition.schema, spec);
  const metadataErrors = metadataProblems(value['metadata']);
  const isReadable = ![...problems, ...metadataErrors].some((problem) => problem.kind === 'unreadable');
  const decoded = isReadable ? decodeLeniently(definition.schema, spec) : spec;
  const resource: Resource = {
    apiVersion,
    kind,
    metadata,
    spec: decoded,
    origin: { kind, namespace: metadata.namespace, name: metadata.name, file, line: positions.at('').line },
    lines: positions.lines,
  };
  const findings = [
    ...outsideFindings(known, value, positions, metadataErrors, places),
    ...problems.map((problem) => problemFinding(problem, places)),
    ...(isReadable ? ruleFindings(known, resource, !problems.some(({ kind: weight }) => weight === 'invalid'), places) : []),
    ...(definition.moot ? [makeFinding('LTN0008', places.at('/kind'), `kind ${kind} has no effect: ${definition.moot}`)] : []),
    ...(definition.refused ? [refusedKind(kind, definition.refused, places.at('/kind'), refusals)] : []),
  ];
  return isReadable ? { resource, findings } : { findings };
}

/** The spec, or what stands in its place, and its JSON pointer. */
function specOf(value: YamlObject['value'], { withoutSpec }: KindDefinition): { readonly spec: unknown; readonly at: string } {
  if (!withoutSpec) return { spec: value['spec'] ?? {}, at: '/spec' };
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = value;
  return { spec: rest, at: '' };
}

function ambiguity({ pointer, source, yaml11 }: AmbiguousScalar, { confidential }: KindDefinition, at: Places['at']): Finding {
  const message = confidential ? 'kubectl and istioctl read this otherwise' : `${source} is ${yaml11} to kubectl and istioctl`;
  const finding = makeFinding('LTN0005', at(pointer), `${message}, which read YAML 1.1`, 'quote it');
  return confidential ? finding : { ...finding, edits: [{ pointer, replace: 'value', by: JSON.stringify(source) }] };
}

/** What is wrong around the spec. */
function outsideFindings(
  kind: Kind,
  value: YamlObject['value'],
  positions: YamlObject['positions'],
  metadataErrors: readonly SchemaProblem[],
  places: Places,
): Finding[] {
  const { at } = places;
  const stray = Object.hasOwn(KINDS, kind) ? Object.keys(value).filter((field) => !TOP_LEVEL_FIELDS.has(field)) : [];
  return [
    ...positions.poisonous.map((pointer) => makeFinding('IST0106', at(pointer), 'field __proto__ is not allowed')),
    ...stray.map((field) =>
      makeFinding('IST0106', at(`/${field}`), `unknown field "${field}"`, 'did you mean to indent it below spec?'),
    ),
    ...metadataErrors.map((problem) => problemFinding(problem, { ...places, spec: '/metadata' })),
    ...positions.ambiguous.map((scalar) => ambiguity(scalar, DEFINITIONS[kind], at)),
  ];
}

function problemFinding(problem: SchemaProblem, { at, spec, refusals }: Places): Finding {
  const { kind, message, fix, edit } = problem;
  const pointer = `${spec}${problem.pointer}`;
  const code = kind === 'refused' ? 'LTN0001' : kind === 'moot' ? 'LTN0008' : 'IST0106';
  const level = kind === 'refused' ? refusals : CODES[code];
  const finding = declaredFinding({ code, level }, at(pointer), message, fix);
  return edit ? { ...finding, edits: [{ pointer, ...edit }] } : finding;
}

/** What a schema cannot say. */
function ruleFindings(kind: Kind, resource: Resource, isValid: boolean, { at, spec, refusals }: Places): Finding[] {
  const findings: Finding[] = [];
  checkSpecRules(kind, resource, isValid, {
    error: (pointer, message, fix) => findings.push(makeFinding('IST0106', at(`${spec}${pointer}`), message, fix)),
    warning: (pointer, message, fix) => findings.push(makeFinding('IST0133', at(`${spec}${pointer}`), message, fix)),
    own: (check, pointer, message, mend) => findings.push(declaredFinding(check, at(`${spec}${pointer}`), message, mend)),
    refused: ({ code }, pointer, message, mend) =>
      findings.push(
        declaredFinding({ code, level: refusals === 'Error' ? 'Error' : 'Warning' }, at(`${spec}${pointer}`), message, mend),
      ),
    unsupported: (pointer, message, instead) =>
      findings.push(declaredFinding({ code: 'LTN0001', level: refusals }, at(`${spec}${pointer}`), message, instead)),
    nameError: (message, fix) => findings.push(makeFinding('IST0106', at('/metadata/name'), message, fix)),
  });
  return findings;
}
