import type { Static, TInteger, TNumber, TOptional, TSchema, TString, TUnsafe } from 'typebox';
import { array, boolean, integer, number, object, optional, record, schemaOf, string } from './json-schema.ts';

/** A Go duration of at least a millisecond: `1.5s`. */
export const duration = (): TString => string({ format: 'istio-duration' });

/** A regular expression in RE2's syntax. */
export const regex = (): TString => string({ format: 're2' });

/** A host that requests go to: a name, perhaps with a leading `*`. */
export const destinationHost = (): TString => string({ format: 'destination-host' });

/** A DNS label: names of subsets, ports. */
export const label = (): TString => string({ format: 'dns-label' });

export const port = (): TInteger => integer(1, 65_535, 'uint32');

/** 0–100, fractions allowed. */
export const percentValue = (): TNumber => number(0, 100);

/** A 32-bit number without sign in Istio's schema. */
export const count = (): TInteger => integer(0, 4_294_967_295, 'uint32');

/** A 32-bit number with a sign in Istio's schema, where the sign makes no sense. */
export const limit = (): TInteger => integer(0, 2_147_483_647, 'int32');

/** Written as text or not at all: `null` is no value. */
export const nonEmptyText = (): TString => string({ minLength: 1 });

/** One of an enumeration's words. */
export const oneOf = <const Word extends string>(words: readonly Word[], refusals: Refusals = {}): TUnsafe<Word> =>
  schemaOf<Word>({ ...oneOfTexts(words, refusals), 'x-lateen-enumeration': true });

/** A text that makes sense in these forms only. */
export const oneOfTexts = <const Word extends string>(words: readonly Word[], refusals: Refusals = {}): TUnsafe<Word> =>
  schemaOf<Word>({ type: 'string', enum: [...words, ...Object.keys(refusals)], 'x-lateen-refused-values': refusals });

/** The same in capitals or not, as Istio reads protocols. */
export const oneOfWords = <const Word extends string>(words: readonly Word[], refusals: Refusals = {}): TUnsafe<Word> =>
  schemaOf<Word>({ ...oneOfTexts(words, refusals), 'x-lateen-any-case': true });

/** Words that Istio has and Lateen refuses, and what to do instead. */
type Refusals = Readonly<Record<string, string>>;

/** Labels as workloads carry them. */
export const labels = () => record(string({ format: 'label-value' }), 'label-key');

/** Labels that a workload must carry. */
export const selector = () => record(string({ format: 'selector-value', maxLength: 63 }), 'selector-key');

export const matchLabels = () => object({ matchLabels: optional(selector()) });

export const strings = () => record(string());

export const texts = () => array(string());

/** Namespaces that see a resource. */
export const exportTo = () => array(string({ format: 'export-to' }));

/** The same, or nobody at all. */
export const exportToOrNone = () => array(string({ format: 'export-to-or-none' }));

/** A field that may say `null`, which is the same as leaving it out. */
export const nullable = <Schema extends TSchema>(schema: Schema): TOptional<Schema> => optional(orNull(schema));

export const orNull = <Schema extends TSchema>(schema: Schema): Schema => ({ ...schema, nullable: true });

/**
 * A field that Istio has and a running mesh refuses: whoever wrote it counts on it. It is checked like any other.
 *
 * @param because the reason, which lasts
 * @param instead what to do, one imperative sentence
 */
export const refused = <Schema extends TSchema>(schema: Schema, because: string, instead: string): TOptional<Schema> =>
  optional({ ...schema, 'x-lateen-refused': { because, instead } } as Schema);

/**
 * A field that means nothing inside a process: it is taken, and a finding says why nothing comes of it.
 *
 * @param because why there is nothing for it to act on
 */
export const moot = <Schema extends TSchema>(schema: Schema, because: string): TOptional<Schema> =>
  optional({ ...schema, 'x-lateen-moot': because } as Schema);

/** One of `exact`, `prefix`, `regex`; or `{}` for mere presence. */
export const stringMatch = () =>
  object({ exact: optional(string()), prefix: optional(nonEmptyText()), regex: optional(regex()) }, { maxProperties: 1 });

/** The same of a path, which begins with nothing, too. */
export const pathMatch = () =>
  object({ exact: optional(string()), prefix: optional(string()), regex: optional(regex()) }, { maxProperties: 1 });

/** The same of what must not be there, where `*` stands for any value. */
export const absenceMatch = () =>
  object(
    { exact: optional(string()), prefix: optional(nonEmptyText()), regex: optional(string({ format: 're2-or-presence' })) },
    { maxProperties: 1 },
  );

export const percentage = () => object({ value: optional(percentValue()) });

/** A block that says something, whatever it is. */
export const nonEmpty = <Fields extends Record<string, TSchema>>(fields: Fields) => object(fields, { minProperties: 1 });

/** Which of Kubernetes' objects a policy is about, instead of a selector. */
export const targetReference = () =>
  object({
    kind: nonEmptyText(),
    name: nonEmptyText(),
    group: optional(string()),
    namespace: optional(string({ maxLength: 0 })),
  });

const TARGETS = 'it names waypoints and gateways of Kubernetes, which are not there';

/** `selector`, or Kubernetes' objects. */
export const policyTargets = () => ({
  selector: optional(matchLabels()),
  targetRef: refused(targetReference(), TARGETS, 'write selector'),
  targetRefs: refused(array(targetReference(), { maxItems: 16 }), TARGETS, 'write selector'),
});

/** One of RSA, one of ECDSA. */
const ONE_OR_TWO = { minItems: 1, maxItems: 2 };

/** A TLS server's settings: of a Gateway, of a Sidecar. */
export const serverTls = () => object(serverTlsFields());

export type ServerTlsSpec = Static<ReturnType<typeof serverTls>>;

export const serverTlsFields = () => ({
  mode: optional(oneOf(['PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'])),
  httpsRedirect: optional(boolean()),
  serverCertificate: optional(string()),
  privateKey: optional(string()),
  caCertificates: optional(string()),
  caCrl: optional(string()),
  credentialName: optional(string()),
  credentialNames: optional(array(string(), ONE_OR_TWO)),
  caCertCredentialName: optional(string()),
  tlsCertificates: optional(
    array(
      object({
        serverCertificate: optional(string()),
        privateKey: optional(string()),
        caCertificates: optional(string()),
      }),
      ONE_OR_TWO,
    ),
  ),
  subjectAltNames: optional(texts()),
  verifyCertificateSpki: optional(texts()),
  verifyCertificateHash: optional(texts()),
  minProtocolVersion: optional(tlsVersion()),
  maxProtocolVersion: optional(tlsVersion()),
  cipherSuites: optional(texts()),
  insecureSkipVerify: nullable(boolean()),
});

const tlsVersion = () => oneOf(['TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3']);
