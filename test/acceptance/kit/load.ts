import { Agent, get } from 'node:http';
import { judgePage } from './page.ts';

/** What a load saw. */
export interface LoadResult {
  readonly requests: number;
  readonly failures: readonly LoadFailure[];
  /** Pages by version of reviews. */
  readonly versions: ReadonlyMap<string, number>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface LoadFailure {
  /** Since the load's start. */
  readonly atMs: number;
  readonly reason: string;
}

/** A load that runs until {@link finish}. Open loop: a slow answer does not hold up the next request. */
export interface Load {
  /** Sends nothing more and waits for what is out. */
  finish(): Promise<LoadResult>;
}

/** Loads the page `perSecond` times a second. */
export function startLoad(pageUrl: string, perSecond = 200): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const started = performance.now();
  const open = new Set<Promise<void>>();
  const latencies: number[] = [];
  const failures: LoadFailure[] = [];
  const versions = new Map<string, number>();
  let sent = 0;

  const one = async (): Promise<void> => {
    const began = performance.now();
    const { status, body } = await request(pageUrl, agent);
    latencies.push(performance.now() - began);
    const { failure, reviewsVersion } = judgePage(status, body);
    if (failure) failures.push({ atMs: Math.round(began - started), reason: failure });
    if (reviewsVersion) versions.set(reviewsVersion, (versions.get(reviewsVersion) ?? 0) + 1);
  };

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) / 1_000) * perSecond);
    for (; sent < due; sent++) {
      const running = one().finally(() => open.delete(running));
      open.add(running);
    }
  }, 5);

  return {
    async finish() {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
      latencies.sort((a, b) => a - b);
      const quantile = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0;
      return { requests: sent, failures, versions, p50Ms: quantile(0.5), p99Ms: quantile(0.99), maxMs: quantile(1) };
    },
  };
}

/** Runs `body` under load, for at least `forMs`. */
export async function underLoad(pageUrl: string, forMs: number, body: () => Promise<void>, perSecond = 200): Promise<LoadResult> {
  const load = startLoad(pageUrl, perSecond);
  try {
    await Promise.all([body(), pause(forMs)]);
  } catch (error) {
    await load.finish();
    throw error;
  }
  return load.finish();
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function request(url: string, agent: Agent): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const failed = (error: Error): void => resolve({ status: 0, body: error.message });
    const outgoing = get(url, { agent, timeout: 30_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', failed);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 30 s')));
    outgoing.on('error', failed);
  });
}
