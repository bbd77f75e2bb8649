import type { LineCounter, Node, ParsedNode } from 'yaml';
import { yamlLibrary } from '../libraries.ts';
import { yaml11Reading } from './yaml-1-1.ts';

/** 1-based. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where everything in a document stands, by JSON pointer; a field stands where its key does. */
export interface Positions {
  /** The nearest known place at or above `pointer`. */
  at(pointer: string): Position;
  /** Lines of mappings, of list items, and of fields that stand on another line than what holds them. */
  readonly lines: Readonly<Record<string, number>>;
  /** Pointers of keys named `__proto__`, which no resource has a use for. */
  readonly poisonous: readonly string[];
  /** Plain scalars that YAML 1.1 reads otherwise. */
  readonly ambiguous: readonly AmbiguousScalar[];
}

export interface AmbiguousScalar {
  readonly pointer: string;
  readonly source: string;
  /** `true`, `1000`. */
  readonly yaml11: string;
}

/** @param root the node that the pointers start from */
export function positionsOf(root: Node, counter: LineCounter): Positions {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  const places = new Map<string, Position>();
  const lines: Record<string, number> = {};
  const poisonous: string[] = [];
  const ambiguous: AmbiguousScalar[] = [];

  const placeOf = (node: unknown): Position => {
    const offset = (node as ParsedNode | null)?.range?.[0] ?? 0;
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  const visit = (node: unknown, pointer: string, place: Position, isItem: boolean, holderLine: number): void => {
    places.set(pointer, place);
    if (isItem || isMap(node) || isSeq(node) || place.line !== holderLine) lines[pointer] = place.line;
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.value) : String(key);
        const child = `${pointer}/${escapePointer(name)}`;
        if (name === '__proto__') poisonous.push(child);
        visit(value, child, placeOf(key), false, place.line);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) =>
        visit(item, `${pointer}/${index}`, placeOf(isAlias(item) ? node : item), true, place.line),
      );
    } else if (isScalar(node) && node.type === 'PLAIN') {
      const source = node.source ?? '';
      const yaml11 = yaml11Reading(source);
      if (yaml11 !== undefined) ambiguous.push({ pointer, source, yaml11 });
    }
  };
  visit(root, '', placeOf(root), false, 0);

  return {
    lines,
    poisonous,
    ambiguous,
    at(pointer) {
      for (let known = pointer; ; known = known.slice(0, known.lastIndexOf('/'))) {
        const place = places.get(known);
        if (place) return place;
        if (known === '') return { line: 1, column: 1 };
      }
    },
  };
}

export function escapePointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
