/** `rule "canary"`, `rule #2`: how messages name a rule or a match. */
export const labelOf = ({ name }: { readonly name?: string | undefined }, index: number): string =>
  name ? `"${name}"` : `#${index}`;
