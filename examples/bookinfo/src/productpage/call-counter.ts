/** `request_result_total`, Bookinfo's own counter of what its backends answered. */
export class CallCounter {
  readonly #counts = new Map<string, number>();

  count(destination: string, status: number): void {
    const labels = `destination_app="${destination}",response_code="${status}"`;
    this.#counts.set(labels, (this.#counts.get(labels) ?? 0) + 1);
  }

  /** Prometheus's text form. */
  text(): string {
    const samples = [...this.#counts].map(([labels, count]) => `request_result_total{${labels}} ${count}\n`);
    return `# HELP request_result_total Results of requests\n# TYPE request_result_total counter\n${samples.join('')}`;
  }
}
