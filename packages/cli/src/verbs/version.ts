import { createRequire } from 'node:module';
import { withAdmin, STATE_OPTION } from '../admin.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import type { Verb } from './verb.ts';

const { version } = createRequire(import.meta.url)('@lateen/cli/package.json') as { version: string };

export const versionVerb: Verb = (program, io, done) => {
  program
    .command('version')
    .description('the version of this command, and of lateend where it answers')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { output: string; state?: string }) => {
      const format = outputFormat(options.output);
      const daemon = await withAdmin(io, options, (admin) => admin.status()).catch(() => undefined);
      print(io, format, { client: version, lateend: daemon?.version ?? null }, () => {
        return `client version: ${version}\nlateend version: ${daemon?.version ?? 'not reachable'}\n`;
      });
      done(0);
    });
};
