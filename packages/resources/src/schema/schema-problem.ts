/**
 * How bad a problem is.
 *
 * - `unreadable`: Istio could not even decode it; nothing can be said of the rest of the resource
 * - `invalid`: it decodes, and makes no sense
 * - `refused`: Istio takes it, a running mesh of ours does not
 * - `moot`: it is taken, and nothing comes of it inside a process
 */
export type ProblemKind = 'unreadable' | 'invalid' | 'refused' | 'moot';

/** What is to be said of one place below a spec. */
export interface SchemaProblem {
  readonly kind: ProblemKind;
  /** JSON pointer below the spec: `/http/0/route`. */
  readonly pointer: string;
  readonly message: string;
  readonly fix?: string;
  /** What to write there instead, where one word does it. */
  readonly edit?: { readonly replace: 'key' | 'value'; readonly by: string };
}
