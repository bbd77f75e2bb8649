import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Bookinfo } from './bookinfo.ts';
import { MESH, ROOT } from './bookinfo.ts';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly elapsedMs: number;
}

/** `npx lateen …` as a user types it at the top of the checkout. */
export function lateen(args: readonly string[], environment: NodeJS.ProcessEnv = {}, stdin = ''): Promise<CliResult> {
  return runNode([join(ROOT, 'packages/lateen/bin/lateen.js'), ...args], environment, stdin);
}

/** The same against a deployment's lateend. */
export function lateenOf(bookinfo: Bookinfo, args: readonly string[], stdin = ''): Promise<CliResult> {
  return lateen(args, { LATEEN_ADMIN_FILE: join(bookinfo.deployment.lateendState, 'admin.json') }, stdin);
}

/** `lateen apply -f examples/bookinfo/mesh/<file>.yaml …`; throws unless all processes have it. */
export async function apply(bookinfo: Bookinfo, ...files: readonly string[]): Promise<CliResult> {
  return succeeded(await lateenOf(bookinfo, ['apply', '-f', ...files.map((file) => `${MESH}/${file}.yaml`)]));
}

/** Applies files by their paths from the top of the checkout. */
export async function applyFiles(bookinfo: Bookinfo, ...files: readonly string[]): Promise<CliResult> {
  return succeeded(await lateenOf(bookinfo, ['apply', '-f', ...files]));
}

/** Applies YAML of the check's own. */
export async function applyText(bookinfo: Bookinfo, yaml: string): Promise<CliResult> {
  return succeeded(await lateenOf(bookinfo, ['apply', '-f', '-'], yaml));
}

function succeeded(result: CliResult): CliResult {
  if (result.code !== 0) throw new Error(`lateen ended with ${result.code}: ${result.stderr}${result.stdout}`);
  return result;
}

export function runNode(args: readonly string[], environment: NodeJS.ProcessEnv = {}, stdin = ''): Promise<CliResult> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...environment } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr, elapsedMs: performance.now() - started }));
    child.stdin.end(stdin);
  });
}
