import { isMap, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import { type Position, type Positions, positionsOf } from './positions.ts';

/** One object of a file: a document, or an item of a `List`. */
export interface YamlObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly positions: Positions;
}

export interface YamlProblem extends Position {
  readonly message: string;
  readonly fix?: string;
}

export interface YamlFile {
  readonly objects: readonly YamlObject[];
  readonly problems: readonly YamlProblem[];
}

const MAX_CHARACTERS = 8 * 1024 * 1024;
/** Aliases may stand for at most this many nodes each: more is a bomb, not a configuration. */
const MAX_ALIASES = 100;

/** The objects of a YAML 1.2 (or JSON) text, each with its positions. Never throws: what cannot be read is a problem with its place. */
export function readYaml(text: string): YamlFile {
  const start = { line: 1, column: 1 };
  if (text.length > MAX_CHARACTERS)
    return {
      objects: [],
      problems: [{ ...start, message: `the file is larger than ${MAX_CHARACTERS} characters`, fix: 'split it' }],
    };
  if (text.includes('\0'))
    return { objects: [], problems: [{ ...start, message: 'the file contains NUL characters', fix: 'save it as UTF-8 text' }] };
  const counter = new LineCounter();
  const objects: YamlObject[] = [];
  const problems: YamlProblem[] = [];
  const documents = parseAllDocuments(text, {
    lineCounter: counter,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    prettyErrors: false,
  });
  if (!Array.isArray(documents)) return { objects, problems };
  for (const document of documents) {
    const failed = document.errors.map((error) => yamlProblem(error, counter));
    problems.push(...failed);
    if (failed.length > 0 || document.contents === null) continue;
    try {
      for (const node of objectNodes(document.contents))
        objects.push(readObject(node, document.toJS({ maxAliasCount: MAX_ALIASES }), document.contents, counter));
    } catch (error) {
      problems.push({
        ...placeOf(document.contents, counter),
        message: (error as Error).message,
        fix: 'write the values out instead of aliases',
      });
    }
  }
  return { objects, problems };
}

/** The document itself, or the items of a `kind: List`. */
function objectNodes(contents: Node): readonly Node[] {
  if (!isMap(contents) || contents.get('kind') !== 'List') return [contents];
  const items = contents.get('items', true);
  return isSeq(items) ? (items.items as Node[]) : [];
}

function readObject(node: Node, whole: unknown, contents: Node, counter: LineCounter): YamlObject {
  const positions = positionsOf(node, counter);
  const value = node === contents ? whole : (whole as { items: unknown[] }).items[objectNodes(contents).indexOf(node)];
  return { value: isRecord(value) ? value : {}, positions };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function placeOf(node: Node, counter: LineCounter): Position {
  const { line, col } = counter.linePos(node.range?.[0] ?? 0);
  return { line, column: col };
}

function yamlProblem(
  error: { readonly pos: [number, number]; readonly message: string; readonly code: string },
  counter: LineCounter,
): YamlProblem {
  const { line, col } = counter.linePos(error.pos[0]);
  const fix = error.code === 'TAB_AS_INDENT' ? { fix: 'indent with spaces' } : {};
  return { line, column: col, message: error.message, ...fix };
}
