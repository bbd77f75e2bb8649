import type { Document, LineCounter, Node, YAMLParseError } from 'yaml';
import { yamlLibrary } from '../libraries.ts';
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

const START: Position = { line: 1, column: 1 };
const MAX_CHARACTERS = 8 * 1024 * 1024;
/** The parser descends by recursion: brackets nested by the thousand exhaust its stack, which it tells as an error of the text. */
const TOO_DEEP = { message: 'the file is nested too deeply', fix: 'no resource needs more than a dozen levels' };
const STACK_EXHAUSTED = /call stack/;
/** Aliases may stand for at most this many nodes each: more is a bomb, not a configuration. */
const MAX_ALIASES = 100;

/** The objects of a YAML 1.2 (or JSON) text, each with its positions. Never throws: what cannot be read is a problem with its place. */
export function readYaml(text: string): YamlFile {
  if (text.length > MAX_CHARACTERS)
    return unreadable({ ...START, message: `the file is larger than ${MAX_CHARACTERS} characters`, fix: 'split it' });
  if (text.includes('\0'))
    return unreadable({ ...START, message: 'the file contains NUL characters', fix: 'save it as UTF-8 text' });
  const { LineCounter } = yamlLibrary();
  const counter = new LineCounter();
  try {
    const files = parseDocuments(text, counter).map((document) => readDocument(document, counter));
    return { objects: files.flatMap(({ objects }) => objects), problems: files.flatMap(({ problems }) => problems) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable({ ...START, ...TOO_DEEP });
  }
}

function unreadable(problem: YamlProblem): YamlFile {
  return { objects: [], problems: [problem] };
}

function parseDocuments(text: string, lineCounter: LineCounter): readonly Document.Parsed[] {
  const options = {
    lineCounter,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    merge: true,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  const documents = yamlLibrary().parseAllDocuments(text, options);
  return Array.isArray(documents) ? documents : [];
}

function readDocument(document: Document.Parsed, counter: LineCounter): YamlFile {
  const { contents, errors } = document;
  const exhausted = errors.find(({ message }) => STACK_EXHAUSTED.test(message));
  if (exhausted) return unreadable({ ...positionAt(exhausted.pos[0], counter), ...TOO_DEEP });
  if (errors.length > 0) return { objects: [], problems: errors.map((error) => syntaxProblem(error, counter)) };
  if (contents === null) return { objects: [], problems: [] };
  const strange = strangeKey(contents);
  if (strange)
    return unreadable({
      ...placeOf(strange, counter),
      message: 'a key must be a word',
      fix: 'quote it, or fill in the template',
    });
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { objects: objectsIn(contents, value, counter), problems: [] };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const problem = {
      ...placeOf(contents, counter),
      message: (error as Error).message,
      fix: 'write the values out instead of aliases',
    };
    return unreadable(problem);
  }
}

/** The document itself, or the items of a `kind: List`, which API clients write `VirtualServiceList`. */
function objectsIn(contents: Node, value: unknown, counter: LineCounter): YamlObject[] {
  const { isMap, isSeq } = yamlLibrary();
  const nodes = isMap(contents) && String(contents.get('kind')).endsWith('List') ? contents.get('items', true) : undefined;
  if (!isSeq(nodes)) return [objectAt(contents, value, counter)];
  const values = (value as { readonly items: readonly unknown[] }).items;
  return nodes.items.map((node, index) => objectAt(node as Node, values[index], counter));
}

function objectAt(node: Node, value: unknown, counter: LineCounter): YamlObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return { value: isObject ? (value as Record<string, unknown>) : {}, positions: positionsOf(node, counter) };
}

/** `{{ .Values.name }}` of a template that nobody filled in is, to YAML, a mapping with a mapping for a key. */
function strangeKey(contents: Node): Node | undefined {
  const { isCollection, visit } = yamlLibrary();
  let found: Node | undefined;
  visit(contents, {
    Pair(_position, { key }) {
      if (!isCollection(key)) return undefined;
      found = key;
      return visit.BREAK;
    },
  });
  return found;
}

function placeOf(node: Node, counter: LineCounter): Position {
  return positionAt(node.range?.[0] ?? 0, counter);
}

function positionAt(offset: number, counter: LineCounter): Position {
  const { line, col } = counter.linePos(offset);
  return { line, column: col };
}

function syntaxProblem({ pos, message, code }: YAMLParseError, counter: LineCounter): YamlProblem {
  return { ...positionAt(pos[0], counter), message, ...(code === 'TAB_AS_INDENT' ? { fix: 'indent with spaces' } : {}) };
}
