import type { TSchema } from 'typebox';

/** A kind that is understood. */
export interface KindDefinition {
  readonly apiVersions: readonly string[];
  /** The one source of type, validation and editor help. */
  readonly schema: TSchema;
  /** `kind` as written, where two groups have one of that name and ours is another. */
  readonly writtenAs?: string;
  /** Its fields stand beside `metadata`. */
  readonly withoutSpec?: boolean;
  /** It belongs to no namespace. */
  readonly clusterScoped?: boolean;
}
