import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { StartError } from './start-error.ts';

export interface ProcessSpec {
  /** `reviews-v2-1` */
  readonly name: string;
  /** A script and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where it prints to. */
  readonly logFile: string;
  /** Answers 200 once the process can serve. */
  readonly readyUrl: string;
  /** What to try when it does not start or dies. */
  readonly advice?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const READY_WITHIN_MS = 30_000;
const POLL_MS = 60;
const STOPPED_WITHIN_MS = 15_000;
const PRELOAD = new URL('./end-with-parent.js', import.meta.url).href;

/** A process of the deployment, from its start to its end. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  #exit: Exit | undefined;

  constructor(spec: ProcessSpec) {
    this.spec = spec;
    const log = openSync(spec.logFile, 'a', 0o600);
    this.#child = spawn(process.execPath, ['--import', PRELOAD, ...spec.command], {
      env: { ...process.env, ...spec.environment },
      stdio: ['ignore', log, log, 'ipc'],
      detached: true, // Ctrl-C is for the deployment, which then stops its processes in order
    });
    closeSync(log);
    this.#child.channel?.unref();
    this.exited = new Promise((resolve) => {
      const settle = (exit: Exit): void => {
        this.#exit = exit;
        resolve(exit);
      };
      this.#child.once('exit', (code, signal) => settle({ code, signal }));
      this.#child.once('error', () => settle({ code: 127, signal: null }));
    });
  }

  get name(): string {
    return this.spec.name;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#exit === undefined;
  }

  /** @throws {StartError} when it dies first, or takes longer than 30 s, with its last words. */
  async ready(): Promise<this> {
    let lastWord = 'nothing answers';
    for (let waitedMs = 0; waitedMs < READY_WITHIN_MS; waitedMs += POLL_MS) {
      if (this.#exit) throw this.death();
      const { status, body } = await ask(this.spec.readyUrl);
      if (status === 200) return this;
      lastWord = body || lastWord;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new StartError(
      `${this.name} is not ready after ${READY_WITHIN_MS / 1_000} s (${lastWord.trim()}); its log is ${this.spec.logFile}`,
    );
  }

  /** What to say about a process that is no more. */
  death(): StartError {
    const { code, signal } = this.#exit ?? { code: null, signal: null };
    const how = signal ? `was killed by ${signal}` : `ended with exit code ${code}`;
    return new StartError(
      `${this.name} ${how}: ${this.lastWords() || 'it said nothing'}\nIts log is ${this.spec.logFile}.${this.spec.advice ? ` ${this.spec.advice}` : ''}`,
    );
  }

  /** SIGTERM, and SIGKILL when 15 s were not enough. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.kill('SIGTERM');
    const late = setTimeout(() => this.kill('SIGKILL'), STOPPED_WITHIN_MS);
    await this.exited;
    clearTimeout(late);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  log(): string {
    return readFileSync(this.spec.logFile, 'utf8');
  }

  /** The log's last line that speaks of an error, else its last line. */
  lastWords(): string {
    const said = this.log()
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^\s+at |^Node\.js v|^\s*[{}]/.test(line));
    return (said.findLast((line) => /error|cannot|can't|refused/i.test(line)) ?? said.at(-1) ?? '').trim();
  }
}

function ask(url: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve({ status: 0, body: '' }));
  });
}
