import { type TOptional, type TSchema, type TUnsafe, Type } from 'typebox';

/** A Go duration of at least a millisecond: `1.5s`. */
export const duration = (): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', format: 'istio-duration' });

/** A regular expression in RE2's syntax. */
export const regex = (): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', format: 're2' });

/** An HTTP header name. */
export const headerName = (): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', format: 'header-name' });

/** A host name, perhaps with a leading `*`. */
export const host = (): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', format: 'istio-host' });

/** A DNS label: names of subsets, ports. */
export const label = (): TUnsafe<string> => Type.Unsafe<string>({ type: 'string', format: 'dns-label' });

export const port = (): TUnsafe<number> => Type.Unsafe<number>({ type: 'integer', minimum: 1, maximum: 65_535 });

/** 0–100, fractions allowed. */
export const percentValue = (): TUnsafe<number> => Type.Unsafe<number>({ type: 'number', minimum: 0, maximum: 100 });

export const count = (minimum = 0): TUnsafe<number> => Type.Unsafe<number>({ type: 'integer', minimum, maximum: 4_294_967_295 });

export const oneOf = <const Word extends string>(...words: Word[]): TUnsafe<Word> =>
  Type.Unsafe<Word>({ type: 'string', enum: words });

export const stringMap = () => Type.Record(Type.String(), Type.String());

/** An object with these fields and no others. */
export const object = <Fields extends Record<string, TSchema>>(fields: Fields) =>
  Type.Object(fields, { additionalProperties: false });

/**
 * A field that Istio has and Lateen refuses for now. Reading it would be worse than refusing it: whoever wrote it counts on it.
 *
 * @param instead what to do, one imperative sentence
 */
export const refused = (instead: string): TOptional<TUnsafe<undefined>> =>
  Type.Optional(Type.Unsafe<undefined>({ 'x-lateen-refused': instead }));

/** Exactly one of `exact`, `prefix`, `regex`. */
export const stringMatch = () =>
  Type.Object(
    { exact: Type.Optional(Type.String()), prefix: Type.Optional(Type.String({ minLength: 1 })), regex: Type.Optional(regex()) },
    { additionalProperties: false, minProperties: 1, maxProperties: 1 },
  );

/** The same, or `{}` for mere presence. */
export const presenceMatch = () =>
  Type.Object(
    { exact: Type.Optional(Type.String()), prefix: Type.Optional(Type.String({ minLength: 1 })), regex: Type.Optional(regex()) },
    { additionalProperties: false, maxProperties: 1 },
  );

export const percentage = () => object({ value: Type.Optional(percentValue()) });
