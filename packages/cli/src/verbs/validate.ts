import { parseResources } from '@lateen/resources';
import { FILENAME_OPTION, readConfigFiles } from '../files.ts';
import { printFindings } from '../findings.ts';
import { counted, OUTPUT_OPTION, outputFormat } from '../output.ts';
import type { Verb } from './verb.ts';

export const validateVerb: Verb = (program, io, done) => {
  program
    .command('validate')
    .description('schema only: is each resource by itself well-formed and supported?')
    .requiredOption(...FILENAME_OPTION)
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option(...OUTPUT_OPTION)
    .action(async (options: { filename: string[]; namespace: string; output: string }) => {
      const format = outputFormat(options.output);
      const files = await readConfigFiles(io, options.filename);
      const parsed = files.map(({ file, text }) => parseResources(text, { file, defaultNamespace: options.namespace }));
      const findings = parsed.flatMap((part) => part.findings);
      await printFindings(io, format, findings);
      const errors = findings.filter((finding) => finding.level === 'Error').length;
      const valid = parsed.flatMap((part) => part.resources).length;
      io.err(`${counted(valid, 'valid resource')}, ${counted(errors, 'error')}\n`);
      done(errors === 0 ? 0 : 1);
    });
};
