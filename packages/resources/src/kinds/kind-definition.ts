import type { TSchema } from 'typebox';

/** Why something of Istio's is refused, and what to do instead. */
export interface Refusal {
  /** The reason, which lasts. */
  readonly because: string;
  /** One imperative sentence. */
  readonly instead: string;
}

/** A kind that is understood. */
export interface KindDefinition {
  readonly apiVersions: readonly string[];
  /** The one source of type, validation and editor help. */
  readonly schema: TSchema;
  /** `kind` as written, where two groups have one of that name and ours is another. */
  readonly writtenAs?: string;
  /** Its fields stand beside `metadata`. */
  readonly withoutSpec?: boolean;
  /** Understood and checked, and yet no running mesh takes it. */
  readonly refused?: Refusal;
  /** Taken and checked, and nothing comes of it inside a process: why. */
  readonly moot?: string;
  /** Its values are never told, not in a finding either. */
  readonly confidential?: boolean;
  /** It belongs to no namespace. */
  readonly clusterScoped?: boolean;
}
