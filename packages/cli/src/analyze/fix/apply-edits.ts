import type { FindingEdit } from '@lateen/resources';
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';

/** Edits of one document: any line of it, and what to replace. */
export interface DocumentEdits {
  /** 1-based. */
  readonly line: number;
  readonly edits: readonly FindingEdit[];
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly by: string;
}

/** The text with these edits made and nothing else changed. What can't be found (an alias, a block of several lines) is left as it is. */
export function applyEdits(text: string, wanted: readonly DocumentEdits[]): string {
  const counter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: counter }) as Document.Parsed[];
  const replacements = wanted.flatMap(({ line, edits }) => {
    const document = documentAt(documents, counter, line);
    return document ? edits.flatMap((edit) => replacementOf(document, edit, text) ?? []) : [];
  });
  const once = [...new Map(replacements.map((one) => [one.start, one])).values()].sort((left, right) => right.start - left.start);
  return once.reduce((edited, { start, end, by }) => edited.slice(0, start) + by + edited.slice(end), text);
}

function documentAt(documents: readonly Document.Parsed[], counter: LineCounter, line: number): Document.Parsed | undefined {
  return documents.find(({ range }) => counter.linePos(range[0]).line <= line && line <= counter.linePos(range[2]).line);
}

function replacementOf(document: Document.Parsed, { pointer, replace, by }: FindingEdit, text: string): Replacement | undefined {
  const steps = pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const node = nodeAt(document.contents, steps, replace);
  const [start, end] = node?.range ?? [];
  if (start === undefined || end === undefined || text.slice(start, end).includes('\n')) return undefined;
  return { start, end, by };
}

/** The node that the steps lead to, or the key of it. */
function nodeAt(root: Node | null, steps: readonly string[], wanted: FindingEdit['replace']): Node | undefined {
  let node: unknown = root;
  let key: unknown;
  for (const step of steps) {
    if (isSeq(node)) [key, node] = [undefined, node.items[Number(step)]];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
      [key, node] = [pair?.key, pair?.value];
    } else return undefined;
  }
  return (wanted === 'key' ? key : node) as Node | undefined;
}
