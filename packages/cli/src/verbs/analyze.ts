import { type Finding, parseResources } from '@lateen/resources';
import { analyze } from '@lateen/resources/analysis';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { readConfigFiles } from '../files.ts';
import { findingLevel, printFindings, reaches } from '../findings.ts';
import type { CliIo } from '../io.ts';
import { OUTPUT_OPTION, outputFormat } from '../output.ts';
import type { Verb } from './verb.ts';

interface AnalyzeOptions {
  readonly output: string;
  readonly namespace: string;
  readonly live?: boolean;
  readonly failureThreshold: string;
  readonly outputThreshold: string;
  readonly state?: string;
}

export const analyzeVerb: Verb = (program, io, done) => {
  program
    .command('analyze')
    .description('find what is wrong in resources; offline unless --live')
    .argument('[paths...]', 'files, folders, or - for stdin')
    .option('--live', "together with lateend's resources and services")
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option('--failure-threshold <level>', 'exit 1 from this level on', 'Error')
    .option('--output-threshold <level>', 'say nothing below this level', 'Info')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (paths: string[], options: AnalyzeOptions) => {
      const format = outputFormat(options.output);
      const failure = findingLevel('--failure-threshold', options.failureThreshold);
      const shown = findingLevel('--output-threshold', options.outputThreshold);
      const findings = await findingsOf(io, paths, options);
      printFindings(
        io,
        format,
        findings.filter((finding) => reaches(finding, shown)),
      );
      if (findings.length === 0)
        io.err(`${io.colours ? '✔ ' : ''}No validation issues found when analyzing ${paths.join(', ') || 'lateend'}.\n`);
      done(findings.some((finding) => reaches(finding, failure)) ? 1 : 0);
    });
};

async function findingsOf(io: CliIo, paths: readonly string[], options: AnalyzeOptions): Promise<readonly Finding[]> {
  const files = paths.length === 0 && options.live ? [] : await readConfigFiles(io, paths);
  const parsed = files.map(({ file, text }) => parseResources(text, { file, defaultNamespace: options.namespace }));
  const written = parsed.flatMap(({ resources }) => resources);
  const schema = parsed.flatMap(({ findings }) => findings);
  if (!options.live) return [...schema, ...analyze(written)];
  const { inForce, services } = await withAdmin(io, options, async (admin) => {
    const [{ revision }, status] = await Promise.all([admin.revision(), admin.status()]);
    return {
      inForce: revision.resources,
      services: [...new Set(status.instances.map(({ service, namespace }) => `${service}.${namespace}.svc.cluster.local`))],
    };
  });
  return [...schema, ...analyze([...inForce, ...written], { services })];
}
