import type { Finding } from './finding.ts';
import { DEFINITIONS, type IstioKind, isIstioGroup, KINDS, type Kind, kindWrittenAs, refusalOf } from './kinds/index.ts';
import type { KindDefinition, Refusal } from './kinds/kind-definition.ts';
import { type FindingPlace, makeFinding } from './make-finding.ts';
import { metadataProblems, readMetadata } from './metadata.ts';
import { type Resource, resourceKey, resourceName } from './resource.ts';
import { checkSpecRules } from './rules/spec-rules.ts';
import { schemaProblems } from './schema/schema-findings.ts';
import { readYaml, type YamlObject } from './yaml/yaml-documents.ts';

export interface ParseOptions {
  /** The name that findings and `explain` tell. */
  readonly file: string;
  /** Namespace of resources that name none. */
  readonly defaultNamespace: string;
}

export interface ParsedResources {
  /** Those without an Error; of two with one name in one file the later. */
  readonly resources: readonly Resource[];
  readonly findings: readonly Finding[];
}

/**
 * The Istio resources of a YAML text: read with positions, checked against the schema and Istio's further rules. Never throws; everything that is wrong is a
 * finding with file, line and column, all of them at once.
 */
export function parseResources(text: string, options: ParseOptions): ParsedResources {
  const { objects, problems } = readYaml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const findings = problems.map(({ line, column, message, fix }) =>
    makeFinding('LTN0003', { origin: options.file, file: options.file, line, column }, message, fix),
  );
  const resources = new Map<string, Resource>();
  for (const object of objects) {
    const parsed = parseObject(object, options);
    findings.push(...parsed.findings);
    if (!parsed.resource || parsed.findings.some((finding) => finding.level === 'Error')) continue;
    const key = resourceKey(parsed.resource);
    const earlier = resources.get(key);
    if (earlier) findings.push(writtenTwice(earlier, parsed.resource));
    resources.set(key, parsed.resource);
  }
  return { resources: [...resources.values()], findings };
}

function writtenTwice(earlier: Resource, later: Resource): Finding {
  const message = `this is written again in line ${later.origin.line}, and only the later counts`;
  return makeFinding(
    'LTN0006',
    { ...earlier.origin, origin: resourceName(earlier), column: 1 },
    message,
    'remove one, or name it otherwise',
  );
}

interface ParsedObject {
  readonly resource?: Resource;
  readonly findings: readonly Finding[];
}

const TOP_LEVEL_FIELDS = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

function parseObject({ value, positions }: YamlObject, { file, defaultNamespace }: ParseOptions): ParsedObject {
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  const place = (pointer: string, origin = file): FindingPlace => ({ origin, file, ...positions.at(pointer) });
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    return { findings: [makeFinding('IST0106', place(''), 'this is no resource: apiVersion and kind are missing')] };
  }
  const known = kindWrittenAs(apiVersion, kind);
  const definition = known && DEFINITIONS[known];
  const metadata = readMetadata(value['metadata'], definition?.clusterScoped ? '' : defaultNamespace);
  const origin = resourceName({ kind, metadata });
  if (!known || !definition) return { findings: [unsupportedKind(apiVersion, kind, place('/kind', origin))] };
  if (definition.refused) return { findings: [refusedKind(kind, definition.refused, place('/kind', origin))] };
  const { spec, at } = specOf(value, definition);

  const findings = [
    ...positions.poisonous.map((pointer) => makeFinding('IST0106', place(pointer, origin), 'field __proto__ is not allowed')),
    ...Object.keys(value)
      .filter((field) => Object.hasOwn(KINDS, known) && !TOP_LEVEL_FIELDS.has(field))
      .map((field) =>
        makeFinding('IST0106', place(`/${field}`, origin), `unknown field "${field}"`, 'did you mean to indent it below spec?'),
      ),
    ...metadataProblems(value['metadata']).map(({ pointer, message }) =>
      makeFinding('IST0106', place(`/metadata${pointer}`, origin), message),
    ),
    ...specFindings(known, spec, (pointer) => place(`${at}${pointer}`, origin)),
    ...positions.ambiguous.map(({ pointer, source, yaml11 }) =>
      makeFinding(
        'LTN0005',
        place(pointer, origin),
        `${source} is ${yaml11} to kubectl and istioctl, which read YAML 1.1`,
        'quote it',
      ),
    ),
  ];
  const { line } = positions.at('');
  const resource: Resource = {
    apiVersion,
    kind,
    metadata,
    spec,
    origin: { kind, namespace: metadata.namespace, name: metadata.name, file, line },
    lines: positions.lines,
  };
  return { resource, findings };
}

/** The spec, or what stands in its place, and its JSON pointer. */
function specOf(value: YamlObject['value'], { withoutSpec }: KindDefinition): { readonly spec: unknown; readonly at: string } {
  if (!withoutSpec) return { spec: value['spec'] ?? {}, at: '/spec' };
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = value;
  return { spec: rest, at: '' };
}

function refusedKind(kind: string, { because, instead }: Refusal, place: FindingPlace): Finding {
  return makeFinding('LTN0002', place, `kind ${kind} is not supported: ${because}`, instead);
}

function unsupportedKind(apiVersion: string, kind: string, place: FindingPlace): Finding {
  const refusal = refusalOf(apiVersion, kind);
  if (refusal) return refusedKind(kind, refusal, place);
  if (!isIstioGroup(apiVersion))
    return makeFinding('LTN0004', place, `${apiVersion} ${kind} is left out: it is none of Istio's resources`);
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind as IstioKind] : undefined;
  if (known) return makeFinding('IST0106', place, `${kind} has no version ${apiVersion}`, `write ${known.apiVersions[0]}`);
  return makeFinding('IST0106', place, `unknown kind ${kind}`, `the kinds are ${Object.keys(KINDS).join(', ')}`);
}

function specFindings(kind: Kind, spec: unknown, place: (pointer: string) => FindingPlace): Finding[] {
  const problems = schemaProblems(DEFINITIONS[kind].schema, spec);
  if (problems.length > 0) {
    return problems.map(({ pointer, message, fix, refused }) =>
      makeFinding(refused ? 'LTN0001' : 'IST0106', place(pointer), message, fix),
    );
  }
  const findings: Finding[] = [];
  checkSpecRules(kind, spec, {
    error: (pointer, message) => findings.push(makeFinding('IST0106', place(pointer), message)),
    warning: (pointer, message) => findings.push(makeFinding('IST0133', place(pointer), message)),
  });
  return findings;
}
