import { fieldOf } from './describe.ts';
import { FORMATS } from './formats.ts';
import type { SchemaNode } from './schema-node.ts';
import type { SchemaProblem } from './schema-problem.ts';

type Tell = (problem: SchemaProblem) => void;

export function checkText(node: SchemaNode, text: string, pointer: string, tell: Tell): void {
  const { format: name, minLength = 0, maxLength = Infinity } = node;
  const field = fieldOf(pointer);
  if (text.length < minLength) return tell({ kind: 'invalid', pointer, message: `${field} must not be empty` });
  if (text.length > maxLength)
    return tell({ kind: 'invalid', pointer, message: `${field} must not be longer than ${maxLength} characters` });
  const format = name === undefined ? undefined : FORMATS[name];
  if (!format || format.test(text)) return;
  const kind = format.decodes && !format.decodes(text) ? 'unreadable' : 'invalid';
  tell({ kind, pointer, message: `${field}: ${JSON.stringify(text)} is not ${format.wanted}` });
}

/** What Istio's numbers can hold: beyond it nothing is decoded. */
const HOLDS: Readonly<Record<string, readonly [number, number]>> = {
  int32: [-2_147_483_648, 2_147_483_647],
  uint32: [0, 4_294_967_295],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

export function checkNumber(node: SchemaNode, value: number, pointer: string, tell: Tell): void {
  const { minimum = -Infinity, maximum = Infinity, format = '' } = node;
  const field = fieldOf(pointer);
  if (!Number.isFinite(value)) return tell({ kind: 'unreadable', pointer, message: `${field} must be a finite number` });
  if (value >= minimum && value <= maximum) return;
  const [least, most] = HOLDS[format] ?? [-Infinity, Infinity];
  const kind = value < least || value > most ? 'unreadable' : 'invalid';
  tell({ kind, pointer, message: `${field} ${value} is not in the range ${rangeOf(minimum, maximum)}` });
}

function rangeOf(minimum: number, maximum: number): string {
  return maximum === Infinity ? `from ${minimum} up` : `${minimum} to ${maximum}`;
}
