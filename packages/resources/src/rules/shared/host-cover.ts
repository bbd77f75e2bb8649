/** Whether a host with a wildcard, or the host itself, stands for another: `*.com` for `a.com` and `*.a.com`. */
export function covers(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*')) return pattern === host;
  const suffix = pattern.slice(1);
  return host.startsWith('*') ? host.length >= pattern.length && host.endsWith(suffix) : host.endsWith(suffix);
}
