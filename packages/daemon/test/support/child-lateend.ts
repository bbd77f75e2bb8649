import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

/** A lateend in a process of its own, which a test can kill. */
export interface ChildLateend {
  readonly process: ChildProcess;
  /** What it printed when it was ready. */
  readonly line: string;
  /** Resolves with code and signal when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stderr: string }>;
}

/** Starts it and resolves with its first line; rejects with its last words when it ends before. */
export function startChild(args: readonly string[], home: string): Promise<ChildLateend> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'lateend-child.ts'), ...args], {
    env: { ...process.env, HOME: home, NODE_OPTIONS: '--conditions=@lateen/source --disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<Awaited<ChildLateend['ended']>>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk) => resolve({ process: child, line: String(chunk), ended }));
    void ended.then(({ code }) => reject(new Error(`lateend ended with ${code}: ${stderr}`)));
  });
}
