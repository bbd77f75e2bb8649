import { KINDS, type Refusal } from '@lateen/resources';

/** What becomes of a field of Istio's. */
export type FieldStatus =
  | { readonly kind: 'supported' }
  | { readonly kind: 'refused'; readonly because: string; readonly instead: string }
  | { readonly kind: 'moot'; readonly because: string };

export interface DeclaredField {
  /** `http[].match[].headers{}.exact`: `[]` is any item, `{}` any key. */
  readonly path: string;
  readonly status: FieldStatus;
  /** Words of it that are refused, and what to do instead. */
  readonly refusedWords: Readonly<Record<string, string>>;
  readonly schema: FieldSchema;
}

/** The part of the schemas that pages are written from. */
export interface FieldSchema {
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: boolean | FieldSchema;
  readonly 'x-lateen-refused'?: Refusal;
  readonly 'x-lateen-refused-values'?: Readonly<Record<string, string>>;
  readonly 'x-lateen-moot'?: string;
}

/** Every field of a kind, in the order of its declaration; what is below one that is refused or moot is so, too. */
export function declaredFields(kind: keyof typeof KINDS): DeclaredField[] {
  const { schema, refused, moot } = KINDS[kind];
  const whole: FieldStatus = refused
    ? { kind: 'refused', ...refused }
    : moot === undefined
      ? { kind: 'supported' }
      : { kind: 'moot', because: moot };
  return [...fieldsBelow(schema as FieldSchema, '', whole)];
}

function* fieldsBelow(schema: FieldSchema, path: string, inherited: FieldStatus): Generator<DeclaredField> {
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    const status = inherited.kind === 'supported' ? statusOf(field) : inherited;
    yield { path: at, status, refusedWords: field['x-lateen-refused-values'] ?? {}, schema: field };
    yield* fieldsInside(field, at, status);
  }
}

function* fieldsInside(schema: FieldSchema, path: string, status: FieldStatus): Generator<DeclaredField> {
  if (schema.items) yield* fieldsInside(schema.items, `${path}[]`, status);
  if (typeof schema.additionalProperties === 'object') yield* fieldsInside(schema.additionalProperties, `${path}{}`, status);
  yield* fieldsBelow(schema, path, status);
}

function statusOf(field: FieldSchema): FieldStatus {
  const { 'x-lateen-refused': refused, 'x-lateen-moot': because } = field;
  if (refused) return { kind: 'refused', ...refused };
  return because === undefined ? { kind: 'supported' } : { kind: 'moot', because };
}
