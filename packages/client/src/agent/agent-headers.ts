import type { IncomingMessage } from 'node:http';

/** Lines that belong to one connection and are written anew for the next: RFC 9110, 7.6.1. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The request's lines as they go into the mesh: one host, and nothing that is for this connection only. */
export function agentRequestHeaders({ rawHeaders, headers }: IncomingMessage, authority: string): string[] {
  const named = namedBy(headers.connection);
  const lines = ['host', authority];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase();
    if (name === 'host' || HOP_BY_HOP.has(name) || named?.includes(name)) continue;
    lines.push(rawHeaders[i] as string, rawHeaders[i + 1] as string);
  }
  return lines;
}

export function withoutHopByHop(lines: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < lines.length; i += 2) {
    if (!HOP_BY_HOP.has((lines[i] as string).toLowerCase())) kept.push(lines[i] as string, lines[i + 1] as string);
  }
  return kept;
}

/** The names that a `connection` header adds; undefined in the usual cases. */
function namedBy(connection: string | undefined): readonly string[] | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined;
  return connection.split(',').map((name) => name.trim().toLowerCase());
}
