/** The fields of an access log line that checks look at. */
export interface AccessLine {
  readonly direction: 'inbound' | 'outbound';
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly flags: string;
  readonly cluster: string;
  readonly raw: string;
}

const LINE =
  /^\[[^\]]+\] "(\S+) (\S+) [^"]*" (\d+) (\S+) .* ((?:in|out)bound\|\S*|PassthroughCluster|BlackHoleCluster|-)(?: \S+){5}$/;

/** The access log's lines in what a process printed. */
export function accessLines(log: string): AccessLine[] {
  return log.split('\n').flatMap((raw) => {
    const [, method, path, status, flags, cluster] = LINE.exec(raw) ?? [];
    if (method === undefined || path === undefined || flags === undefined || cluster === undefined) return [];
    const direction = cluster.startsWith('inbound') ? 'inbound' : 'outbound';
    return [{ direction, method, path, status: Number(status), flags, cluster, raw }];
  });
}

/** Lines of the outermost calls that carry a flag: there should be none when nobody failed. */
export function flaggedLines(gatewayLog: string): AccessLine[] {
  return accessLines(gatewayLog).filter(({ flags, path }) => flags !== '-' && path.startsWith('/productpage'));
}
