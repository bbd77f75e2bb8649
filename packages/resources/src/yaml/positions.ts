import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type ParsedNode } from 'yaml';

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
}

/** @param root the node that the pointers start from */
export function positionsOf(root: Node, counter: LineCounter): Positions {
  const places = new Map<string, Position>();
  const lines: Record<string, number> = {};
  const poisonous: string[] = [];

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
    }
  };
  visit(root, '', placeOf(root), false, 0);

  return {
    lines,
    poisonous,
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
