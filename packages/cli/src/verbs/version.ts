import { STATE_OPTION, withAdmin } from '../admin.ts';
import { OUTPUT_OPTION, outputFormat, print } from '../output.ts';
import { PACKAGE_VERSION } from '../package-version.ts';
import type { Verb } from './verb.ts';

const PATIENCE_MS = 2_000;

export const versionVerb: Verb = (program, io, done) => {
  program
    .command('version')
    .description('the version of this command, and of lateend where it answers')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (options: { output: string; state?: string }) => {
      const format = outputFormat(options.output);
      const asked = withAdmin(io, { ...options, timeoutMs: PATIENCE_MS }, (admin) => admin.status());
      const lateend = await asked.then(
        ({ version }) => version,
        () => null, // that it can't be reached is the answer
      );
      await print(
        io,
        format,
        { client: PACKAGE_VERSION, lateend },
        () => `client version: ${PACKAGE_VERSION}\nlateend version: ${lateend ?? 'not reachable'}\n`,
      );
      done(0);
    });
};
