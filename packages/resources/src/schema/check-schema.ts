import type { TSchema } from 'typebox';
import { escapePointer } from '../yaml/positions.ts';
import { checkNumber, checkText } from './check-scalar.ts';
import { articleOf, fieldOf, isJsonType, list } from './describe.ts';
import { FORMATS } from './formats.ts';
import { isNear } from './nearness.ts';
import { propertyOf, type SchemaNode, wordOf } from './schema-node.ts';
import type { SchemaProblem } from './schema-problem.ts';

/*
 * The check of a value against a schema, by walking both. It is ours and not a library's, since it runs once per document, at the start of a process:
 * a validator that compiles schemas to code costs 150 ms before it has looked at anything, and says less about what it found.
 */

/** All problems of `spec` at once. */
export function schemaProblems(schema: TSchema, spec: unknown): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  check(schema as SchemaNode, spec, '', (problem) => problems.push(problem));
  return problems;
}

type Tell = (problem: SchemaProblem) => void;

function check(node: SchemaNode, value: unknown, pointer: string, tell: Tell): void {
  tellMarks(node, pointer, tell);
  if (value === null) {
    if (!node.nullable && node.type)
      tell({ kind: 'invalid', pointer, message: `${fieldOf(pointer)} must be ${articleOf(node.type)}, not null` });
    return;
  }
  if (node.anyOf) return checkAlternatives(node.anyOf, value, pointer, tell);
  if (node.type && !isJsonType(node.type, value)) return tellWrongType(node, value, pointer, tell);
  if (node.enum && !isOneOf(node, value, pointer, tell)) return;
  if (typeof value === 'string') checkText(node, value, pointer, tell);
  else if (typeof value === 'number') checkNumber(node, value, pointer, tell);
  else if (Array.isArray(value)) checkItems(node, value, pointer, tell);
  else if (typeof value === 'object') checkObject(node, value as Readonly<Record<string, unknown>>, pointer, tell);
}

function tellMarks(node: SchemaNode, pointer: string, tell: Tell): void {
  const { 'x-lateen-refused': refusal, 'x-lateen-moot': moot } = node;
  if (refusal)
    tell({
      kind: 'refused',
      pointer,
      message: `field ${fieldOf(pointer)} is not supported: ${refusal.because}`,
      fix: refusal.instead,
    });
  if (moot) tell({ kind: 'moot', pointer, message: `field ${fieldOf(pointer)} has no effect: ${moot}` });
}

/** What none of the alternatives takes is told in the words of the last. */
function checkAlternatives(alternatives: readonly SchemaNode[], value: unknown, pointer: string, tell: Tell): void {
  let told: SchemaProblem[] = [];
  for (const alternative of alternatives) {
    told = [];
    check(alternative, value, pointer, (problem) => told.push(problem));
    if (told.length === 0) return;
  }
  told.forEach(tell);
}

function tellWrongType(node: SchemaNode, value: unknown, pointer: string, tell: Tell): void {
  const type = node.type as string;
  const message = `${fieldOf(pointer)} must be ${articleOf(type)}, not ${Array.isArray(value) ? 'an array' : articleOf(typeof value)}`;
  const fix = type === 'string' && typeof value !== 'object' ? 'quote it' : undefined;
  tell({ kind: isReadAnyway(node, value) ? 'invalid' : 'unreadable', pointer, message, ...(fix ? { fix } : {}) });
}

/** Istio's decoder takes numbers in quotes, and numbers for words. */
function isReadAnyway({ type, ...node }: SchemaNode, value: unknown): boolean {
  if (type === 'integer') return typeof value === 'string' && /^-?\d+$/.test(value);
  if (type === 'number') return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value));
  return node['x-lateen-enumeration'] === true && Number.isInteger(value);
}

function isOneOf(node: SchemaNode, written: unknown, pointer: string, tell: Tell): boolean {
  const value = wordOf(node, written);
  const { enum: words = [], 'x-lateen-refused-values': refusals = {} } = node;
  const field = fieldOf(pointer);
  if (!words.includes(value)) {
    const near = typeof value === 'string' ? words.find((word) => isNear(String(word), value)) : undefined;
    const kind = node['x-lateen-enumeration'] ? 'unreadable' : 'invalid';
    const fix =
      near === undefined ? {} : { fix: `did you mean ${String(near)}?`, edit: { replace: 'value', by: String(near) } as const };
    tell({ kind, pointer, message: `${field} must be one of ${list(words)}`, ...fix });
    return false;
  }
  const instead = typeof value === 'string' && Object.hasOwn(refusals, value) ? refusals[value] : undefined;
  if (instead) tell({ kind: 'refused', pointer, message: `${field} ${String(value)} is not supported`, fix: instead });
  return true;
}

function checkItems(node: SchemaNode, value: readonly unknown[], pointer: string, tell: Tell): void {
  const { items, minItems = 0, maxItems = Infinity } = node;
  if (value.length < minItems)
    tell({ kind: 'invalid', pointer, message: `${fieldOf(pointer)} must have at least ${count(minItems, 'item')}` });
  if (value.length > maxItems)
    tell({ kind: 'invalid', pointer, message: `${fieldOf(pointer)} must have at most ${count(maxItems, 'item')}` });
  if (items) value.forEach((item, index) => check(items, item, `${pointer}/${index}`, tell));
}

function checkObject(node: SchemaNode, value: Readonly<Record<string, unknown>>, pointer: string, tell: Tell): void {
  const names = Object.keys(value);
  for (const name of node.required ?? [])
    if (!Object.hasOwn(value, name)) tell({ kind: 'invalid', pointer, message: `field ${name} is missing` });
  checkHowMany(node, names, pointer, tell);
  for (const name of names) {
    const at = `${pointer}/${escapePointer(name)}`;
    const property = propertyOf(node, name);
    if (!property) {
      tell(unknownField(node, name, at));
      continue;
    }
    checkName(node, name, at, tell);
    check(property, value[name], at, tell);
  }
}

function checkHowMany(node: SchemaNode, names: readonly string[], pointer: string, tell: Tell): void {
  const { minProperties = 0, maxProperties = Infinity, properties = {} } = node;
  const known = Object.keys(properties);
  const count = known.length > 0 ? names.filter((name) => known.includes(name)).length : names.length;
  if (count < minProperties || count > maxProperties)
    tell({ kind: 'invalid', pointer, message: `${fieldOf(pointer)} must have ${howMany(node, known)}` });
  for (const group of node['x-lateen-exclusive'] ?? []) {
    const written = group.filter((name) => names.includes(name));
    if (written.length > 1)
      tell({ kind: 'invalid', pointer, message: `only one of ${list(written)} may be written in ${fieldOf(pointer)}` });
  }
}

function howMany({ minProperties = 0, maxProperties = Infinity }: SchemaNode, known: readonly string[]): string {
  if (maxProperties !== 1) return 'at least one field';
  return `${minProperties === 1 ? 'exactly' : 'at most'} one of ${list(known)}`;
}

function checkName({ propertyNames }: SchemaNode, name: string, pointer: string, tell: Tell): void {
  const format = propertyNames && FORMATS[propertyNames.format];
  if (format && !format.test(name))
    tell({ kind: 'invalid', pointer, message: `${JSON.stringify(name)} is not ${format.wanted}` });
}

function unknownField({ properties = {} }: SchemaNode, name: string, pointer: string): SchemaProblem {
  const known = Object.keys(properties);
  const near = known.find((candidate) => isNear(candidate, name));
  return {
    kind: 'invalid',
    pointer,
    message: `unknown field "${name}"`,
    fix: near ? `did you mean ${near}?` : `the fields here are ${list(known)}`,
    ...(near ? { edit: { replace: 'key', by: near } } : {}),
  };
}

const count = (number: number, noun: string): string => (number === 1 ? `one ${noun}` : `${number} ${noun}s`);
