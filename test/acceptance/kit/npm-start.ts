import { type ChildProcess, spawn } from 'node:child_process';
import { ROOT } from './bookinfo.ts';
import { pause } from './load.ts';
import { loadPage } from './page.ts';
import { until } from './until.ts';

/** `npm start` as a person types it. */
export class NpmStart {
  readonly startedAt = performance.now();
  output = '';
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.#child = spawn('npm', ['start', '--', ...args], {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a group of its own, so that Ctrl-C can reach npm and what it started alike, as from a terminal
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => this.#child.once('close', (code) => resolve(code)));
  }

  /** Resolves with the milliseconds since the command when the page is there and whole. */
  async firstPage(pageUrl: string): Promise<number> {
    let over = false;
    void this.exited.then(() => (over = true));
    for (;;) {
      const page = await loadPage(pageUrl).catch(() => undefined);
      if (page && !page.failure) return performance.now() - this.startedAt;
      if (over) throw new Error(`npm start ended before the page answered:\n${this.output}`);
      if (performance.now() - this.startedAt > 60_000) throw new Error(`no page after 60 s:\n${this.output}`);
      await pause(25);
    }
  }

  /** Resolves when it has printed its table: everything is up. */
  async banner(): Promise<void> {
    await until('the table of processes', 60_000, async () => this.output.includes('Ctrl-C drains'));
  }

  /** Ctrl-C in the terminal. Resolves with the exit code. */
  async interrupt(): Promise<number | null> {
    if (this.#child.pid !== undefined && this.#child.exitCode === null) process.kill(-this.#child.pid, 'SIGINT');
    return this.exited;
  }
}
