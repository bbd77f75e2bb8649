import type { TInteger, TOptional, TSchema, TString, TUnsafe } from 'typebox';
import { array, integer, object, optional, record, schemaOf, string } from './json-schema.ts';

/** A Go duration of at least a millisecond: `1.5s`. */
export const duration = (): TString => string({ format: 'istio-duration' });

/** A regular expression in RE2's syntax. */
export const regex = (): TString => string({ format: 're2' });

/** A host name, perhaps with a leading `*`, or an IP address. */
export const host = (): TString => string({ format: 'istio-host' });

/** A DNS label: names of subsets, ports. */
export const label = (): TString => string({ format: 'dns-label' });

export const port = (): TInteger => integer(1, 65_535);

/** 0–100, fractions allowed. */
export const percentValue = (): TUnsafe<number> => schemaOf<number>({ type: 'number', minimum: 0, maximum: 100 });

/** A 32-bit number without sign in Istio's schema. */
export const count = (): TInteger => integer(0, 4_294_967_295);

/** A 32-bit number with a sign in Istio's schema, where the sign makes no sense. */
export const limit = (): TInteger => integer(0, 2_147_483_647);

/** One of these words. `refusals`: words that Istio has and Lateen refuses for now, and what to do instead. */
export const oneOf = <const Word extends string>(
  words: readonly Word[],
  refusals: Readonly<Record<string, string>> = {},
): TUnsafe<Word> =>
  schemaOf<Word>({ type: 'string', enum: [...words, ...Object.keys(refusals)], 'x-lateen-refused-values': refusals });

/** Labels a workload must carry. */
export const selector = () => record(string({ format: 'label-value' }), 'label-key');

export const strings = () => record(string());

/** Namespaces that see a resource. */
export const exportTo = () => array(string({ format: 'export-to' }));

/**
 * A field that Istio has and Lateen refuses for now. Reading it would be worse than refusing it: whoever wrote it counts on it.
 *
 * @param instead what to do, one imperative sentence
 */
export const refused = (instead: string): TOptional<TUnsafe<undefined>> =>
  optional(schemaOf<undefined>({ 'x-lateen-refused': instead }));

const matchKinds = () => ({
  exact: optional(string()),
  prefix: optional(string({ minLength: 1 })),
  regex: optional(regex()),
});

/** Exactly one of `exact`, `prefix`, `regex`. */
export const stringMatch = () => object(matchKinds(), { minProperties: 1, maxProperties: 1 });

/** The same, or `{}` for mere presence. */
export const presenceMatch = () => object(matchKinds(), { maxProperties: 1 });

export const percentage = () => object({ value: optional(percentValue()) });

/** A block that says something, whatever it is. */
export const nonEmpty = <Fields extends Record<string, TSchema>>(fields: Fields) => object(fields, { minProperties: 1 });
