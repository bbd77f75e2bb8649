import type { StatusReply } from '@lateen/control';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { OUTPUT_OPTION, outputFormat, print, table, untilText } from '../output.ts';
import { syncStateOf } from '../sync-state.ts';
import type { Verb } from './verb.ts';

export const statusVerb: Verb = (program, io, done) => {
  program
    .command('status')
    .description('every process: revision, certificate, connection')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { output: string; state?: string }) => {
      const format = outputFormat(options.output);
      const status = await withAdmin(io, options, (admin) => admin.status());
      await print(io, format, status, () => statusText(status));
      const wrong = status.problems.length > 0 || status.processes.some((process) => syncStateOf(process, status) !== 'SYNCED');
      done(wrong ? 1 : 0);
    });
};

function statusText(status: StatusReply): string {
  const rows = status.processes.map((process) => [
    process.instance,
    process.namespace,
    process.serviceAccount,
    process.followsConfig ? String(process.revision) : 'own',
    process.error ? `REFUSED: ${process.error}` : syncStateOf(process, status),
    untilText(process.certificateNotAfter, status.time),
    process.adminAddress || '-',
  ]);
  const head = `lateend ${status.version}, trust domain ${status.trustDomain}, revision ${status.revision} (${status.hash})\n`;
  const settling = status.settling ? 'lateend has just started and still waits for processes that it knew\n' : '';
  const problems = status.problems.map((problem) => `! ${problem}\n`).join('');
  return `${head}${settling}${problems}\n${table(['INSTANCE', 'NAMESPACE', 'SERVICE ACCOUNT', 'REVISION', 'CONFIG', 'CERTIFICATE ENDS', 'ADMIN'], rows)}`;
}
