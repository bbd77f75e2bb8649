import type { Bookinfo } from './bookinfo.ts';

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a Prometheus text exposition. */
export function samples(exposition: string): Sample[] {
  return exposition.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** How many requests a process has served so far, by its own metrics. */
export async function served(bookinfo: Bookinfo, process: string): Promise<number> {
  return samples(await bookinfo.ask(process, '/stats/prometheus'))
    .filter(({ name, labels }) => name === 'istio_requests_total' && labels['reporter'] === 'destination')
    .reduce((sum, { value }) => sum + value, 0);
}
