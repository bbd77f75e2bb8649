import { connect } from 'node:net';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import type { CliIo } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { syncStateOf } from '../sync-state.ts';
import type { Verb } from './verb.ts';

interface CheckResult {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

const OLDEST_NODE = [22, 19] as const;
const WORST_SKEW_MS = 60_000;
const DEFAULT_PORTS = [8080, 15012] as const;

export const checkVerb: Verb = (program, io, done) => {
  program
    .command('check')
    .description('is everything as it should be? --pre: could a mesh be started here?')
    .option('--pre', 'before anything runs: Node and free ports only')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { pre?: boolean; output: string; state?: string }) => {
      const format = outputFormat(options.output);
      const results = options.pre
        ? [checkNode(), ...(await Promise.all(DEFAULT_PORTS.map(checkPort)))]
        : [checkNode(), ...(await checkMesh(io, options))];
      await print(io, format, results, () =>
        results.map((result) => `${mark(io, result)} ${result.check}: ${result.detail}\n`).join(''),
      );
      done(results.every((result) => result.ok) ? 0 : 1);
    });
};

function mark(io: CliIo, { ok }: CheckResult): string {
  if (!io.colours) return ok ? 'ok  ' : 'FAIL';
  return ok ? '\u001b[32m✔\u001b[0m' : '\u001b[31m✘\u001b[0m';
}

function checkNode(): CheckResult {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = `${process.versions.node}, built-in undici ${process.versions['undici'] ?? 'none'}`;
  return { check: 'node', ok, detail: ok ? detail : `${detail}; Lateen needs ${OLDEST_NODE.join('.')} or newer` };
}

function checkPort(port: number): Promise<CheckResult> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (taken: boolean): void => {
      socket.destroy();
      resolve({
        check: `port ${port}`,
        ok: !taken,
        detail: taken ? 'something listens there; stop it, or move with --port-offset' : 'free',
      });
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

async function checkMesh(io: CliIo, options: { state?: string }): Promise<CheckResult[]> {
  const answer = await withAdmin(io, options, async (admin) => ({
    url: admin.url,
    status: await admin.status(),
    authority: await admin.caStatus(),
  })).catch((error: Error) => error);
  if (answer instanceof Error) return [{ check: 'lateend', ok: false, detail: answer.message }];
  const { url, status, authority } = answer;
  const stale = status.processes.filter((process) => ['STALE', 'REFUSED'].includes(syncStateOf(process, status)));
  const skewed = status.processes.filter((process) => Math.abs(process.clockSkewMs) > WORST_SKEW_MS);
  const expired = status.processes.filter((process) => process.certificateNotAfter <= status.time);
  const list = (processes: typeof stale): string => processes.map((process) => process.instance).join(', ');
  return [
    {
      check: 'lateend',
      ok: status.problems.length === 0,
      detail: status.problems.join('; ') || `${url}, version ${status.version}`,
    },
    {
      check: 'authority',
      ok: !authority.problem,
      detail: authority.problem ?? `${authority.trustDomain}, bundle ${authority.bundleSequence}`,
    },
    {
      check: 'configuration',
      ok: stale.length === 0,
      detail: stale.length === 0 ? `revision ${status.revision} everywhere` : `not in force in ${list(stale)}; see lateen status`,
    },
    {
      check: 'clocks',
      ok: skewed.length === 0,
      detail: skewed.length === 0 ? 'agree' : `more than a minute off: ${list(skewed)}; start NTP there`,
    },
    {
      check: 'certificates',
      ok: expired.length === 0,
      detail: expired.length === 0 ? 'valid' : `ended: ${list(expired)}; restart with a new token`,
    },
  ];
}
