/** Where a compiled rule comes from; `explain`, denials and logs only read it. */
export interface RuleOrigin {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Empty when it was not read from a file. */
  readonly file: string;
  /** 1-based; 0 when unknown. */
  readonly line: number;
}

/** `mesh/reviews.yaml:31`, or `VirtualService default/reviews` where there is no file. */
export function originText(origin: RuleOrigin): string {
  return origin.file ? `${origin.file}:${origin.line}` : `${origin.kind} ${origin.namespace}/${origin.name}`;
}
