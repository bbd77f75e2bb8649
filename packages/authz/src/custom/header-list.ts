/** Tells whether a lower-case header name is in a list of a provider: whole names, `x-*` or `*-x`, in any case. */
export function headerList(patterns: readonly string[]): (lowerName: string) => boolean {
  const lower = patterns.map((pattern) => pattern.toLowerCase());
  return (lowerName) =>
    lower.some((pattern) => {
      if (pattern.startsWith('*')) return lowerName.endsWith(pattern.slice(1));
      return pattern.endsWith('*') ? lowerName.startsWith(pattern.slice(0, -1)) : pattern === lowerName;
    });
}
