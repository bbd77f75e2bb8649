import type { Static, TArray, TBoolean, TInteger, TNumber, TObject, TOptional, TSchema, TString, TUnsafe } from 'typebox';

/*
 * JSON Schema under TypeBox's types: one declaration gives the TypeScript type and the validation. The objects are made here, since
 * loading TypeBox's own builders costs a process 130 ms of CPU at its start, and what they return is a JSON Schema and a mark.
 */

const OPTIONAL = '~optional';

/** A field that may be absent. */
export function optional<Schema extends TSchema>(schema: Schema): TOptional<Schema> {
  return Object.defineProperty({ ...schema }, OPTIONAL, { value: true }) as TOptional<Schema>;
}

/** An object with these fields and no others. */
export function object<Fields extends Record<string, TSchema>>(
  fields: Fields,
  { exclusive, ...constraints }: ObjectConstraints = {},
): TObject<Fields> {
  const required = Object.keys(fields).filter((name) => !(OPTIONAL in (fields[name] as object)));
  return {
    type: 'object',
    properties: fields,
    required,
    additionalProperties: false,
    ...constraints,
    ...(exclusive ? { 'x-lateen-exclusive': exclusive } : {}),
  } as unknown as TObject<Fields>;
}

export interface ObjectConstraints {
  readonly minProperties?: number;
  readonly maxProperties?: number;
  /** Groups of fields of which one alone may be written. */
  readonly exclusive?: readonly (readonly string[])[];
}

export function array<Item extends TSchema>(
  items: Item,
  constraints: { readonly minItems?: number; readonly maxItems?: number } = {},
): TArray<Item> {
  return { type: 'array', items, ...constraints } as unknown as TArray<Item>;
}

/** An object whose keys the writer chooses; `keys` is a format's name. */
export function record<Value extends TSchema>(values: Value, keys?: string): TUnsafe<Record<string, Static<Value>>> {
  return schemaOf({ type: 'object', additionalProperties: values, ...(keys ? { propertyNames: { format: keys } } : {}) });
}

export const string = (
  constraints: { readonly minLength?: number; readonly maxLength?: number; readonly format?: string } = {},
): TString => ({ type: 'string', ...constraints }) as unknown as TString;

export const boolean = (): TBoolean => ({ type: 'boolean' }) as unknown as TBoolean;

/** @param format which numbers can be decoded at all: `int32`, `uint32`, `uint64` */
export const integer = (minimum: number, maximum: number, format?: string): TInteger =>
  ({ type: 'integer', minimum, maximum, ...(format ? { format } : {}) }) as unknown as TInteger;

export const number = (minimum: number, maximum: number): TNumber => ({ type: 'number', minimum, maximum }) as unknown as TNumber;

/** A JSON Schema and the TypeScript type it stands for. */
export const schemaOf = <Type>(schema: object): TUnsafe<Type> => schema as TUnsafe<Type>;
