import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { DEFINITIONS, type IstioKind, KINDS, parseResources } from '@lateen/resources';
import { type DeclaredField, declaredFields, type FieldSchema } from '../../scripts/declared-fields.ts';
import { editorSchema, EDITOR_SCHEMA_FILE, editorSchemaText } from '../../scripts/editor-schemas.ts';
import { istioCompatibility } from '../../scripts/istio-compatibility.ts';
import { readCorpus } from '../conformance/analyze/corpus.ts';

const root = join(import.meta.dirname, '../..');
const kinds = Object.keys(KINDS) as IstioKind[];

describe('istio-compatibility.md', () => {
  it('says what the declarations say', () => {
    assert.equal(
      readFileSync(join(root, 'docs/istio-compatibility.md'), 'utf8'),
      istioCompatibility(),
      'run: node --conditions=@lateen/source scripts/istio-compatibility.ts',
    );
  });

  it('leaves no field of Istio out, and invents none', () => {
    for (const [kind, fields] of istioFields())
      assert.deepEqual(
        declaredFields(kind)
          .map(({ path }) => path)
          .sort(),
        [...fields].sort(),
        kind,
      );
    assert.deepEqual([...istioFields().keys()], kinds);
  });

  it('calls nothing supported that no case and no test names', () => {
    const written = writtenFields();
    const tests = globSync('{packages,examples}/*/test/**/*.ts', { cwd: root }).map((name) =>
      readFileSync(join(root, name), 'utf8'),
    );
    const words = new Set(tests.join('\n').match(/\w+/g));
    const untested = kinds.flatMap((kind) =>
      declaredFields(kind)
        .filter(({ status }) => status.kind === 'supported')
        .filter((field) => !written.has(`${kind} ${blockPath(field)}`) && !words.has(lastName(field)))
        .map(({ path }) => `${kind} ${path}`),
    );
    assert.deepEqual(untested, []);
  });
});

describe('the schema for editors', () => {
  it('says what the declarations say', () => {
    assert.equal(
      readFileSync(EDITOR_SCHEMA_FILE, 'utf8'),
      editorSchemaText(),
      'run: node --conditions=@lateen/source scripts/editor-schemas.ts',
    );
  });

  it('takes what is valid, and tells fields that are not there', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(editorSchema());
    const valid = corpusTexts().flatMap(
      (text) => parseResources(text, { file: 'a.yaml', defaultNamespace: 'default', refusals: 'Info' }).resources,
    );
    const istio = valid.filter(({ kind, apiVersion }) => kind in KINDS && apiVersion.includes('istio.io'));
    assert.ok(istio.length > 400);
    for (const { apiVersion, kind, metadata, spec } of istio)
      assert.ok(
        validate({ apiVersion, kind, metadata, spec }),
        `${kind}: ${JSON.stringify(spec)}\n${JSON.stringify(validate.errors)}`,
      );
    const base = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: {} };
    assert.ok(!validate({ ...base, spec: { hosts: ['a'], httpp: [] } }));
    assert.ok(!validate({ ...base, specs: {} }));
    assert.ok(validate({ apiVersion: 'v1', kind: 'Service', spec: { anything: 1 } }));
  });
});

/** Istio's own list, by kind. */
function istioFields(): Map<IstioKind, string[]> {
  const fields = new Map<IstioKind, string[]>();
  let current: string[] = [];
  for (const line of readFileSync(join(import.meta.dirname, 'istio-fields.txt'), 'utf8').split('\n')) {
    if (line.startsWith('  ')) current.push(line.trim());
    else if (/^\w/.test(line)) fields.set(line as IstioKind, (current = []));
  }
  return fields;
}

function corpusTexts(): string[] {
  const analyzed = readCorpus(join(root, 'test/conformance/analyze/corpus')).flatMap(({ files }) => Object.values(files));
  const folder = 'test/conformance/dataplane/corpus';
  const recorded = globSync('*.json', { cwd: join(root, folder) }).flatMap((name) =>
    textsIn(JSON.parse(readFileSync(join(root, folder, name), 'utf8'))),
  );
  return [...analyzed, ...recorded];
}

/** Every text that may be YAML of resources. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.includes('apiVersion:') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** `VirtualService http[].timeout`, of every field that a resource of the recordings writes. */
function writtenFields(): Set<string> {
  const written = new Set<string>();
  const visit = (kind: string, schema: FieldSchema | undefined, value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach((item) => visit(kind, schema?.items, item, `${path}[]`));
    for (const [name, member] of Object.entries(value)) {
      const field = schema?.properties?.[name];
      const others = schema?.additionalProperties;
      if (field) {
        const at = path === '' ? name : `${path}.${name}`;
        written.add(`${kind} ${blockPath({ path: at })}`);
        visit(kind, field, member, at);
      } else if (typeof others === 'object') visit(kind, others, member, `${path}{}`);
    }
  };
  for (const text of corpusTexts())
    for (const { kind, spec } of parseResources(text, { file: 'a.yaml', defaultNamespace: 'default', refusals: 'Info' }).readable)
      if (kind in KINDS) visit(kind, DEFINITIONS[kind as IstioKind].schema as FieldSchema, spec, '');
  return written;
}

/** A block means the same wherever it may stand: of a subset, of a port, of a listener. */
function blockPath({ path }: Pick<DeclaredField, 'path'>): string {
  return path
    .replace(/^subsets\[\]\.trafficPolicy\b/, 'trafficPolicy')
    .replace(/^trafficPolicy\.portLevelSettings\[\]\.(?!port\b)/, 'trafficPolicy.')
    .replace(/^ingress\[\]\.connectionPool\b/, 'inboundConnectionPool');
}

const lastName = ({ path }: DeclaredField): string => path.slice(path.lastIndexOf('.') + 1).replace(/\W/g, '');
