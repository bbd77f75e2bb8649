import { type Finding, mergeResources, parseResources, type Resource } from '@lateen/resources';
import { analyze, compareFindings } from '@lateen/resources/analysis';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { readConfigFiles } from '../files.ts';
import { findingLevel, printFindings, reaches } from '../findings.ts';
import { type CliIo, UsageError } from '../io.ts';
import { OUTPUT_OPTION, outputFormat } from '../output.ts';
import type { Verb } from './verb.ts';

interface AnalyzeVerbOptions {
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
    .argument('[paths...]', 'files, folders (not below them), or - for stdin')
    .option('--live', "together with lateend's resources and services")
    .option('-n, --namespace <namespace>', 'of resources that name none', 'default')
    .option('--failure-threshold <level>', 'exit 1 from this level on', 'Error')
    .option('--output-threshold <level>', 'say nothing below this level', 'Info')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (paths: string[], options: AnalyzeVerbOptions) => {
      const format = outputFormat(options.output);
      const failure = findingLevel('--failure-threshold', options.failureThreshold);
      const shown = findingLevel('--output-threshold', options.outputThreshold);
      const findings = await findingsOf(io, paths, options);
      const visible = findings.filter((finding) => reaches(finding, shown));
      await printFindings(io, format, visible);
      if (findings.length === 0) io.err(`${io.colours ? '✔ ' : ''}${nothingFound(paths, options)}\n`);
      done(findings.some((finding) => reaches(finding, failure)) ? 1 : 0);
    });
};

function nothingFound(paths: readonly string[], { live }: AnalyzeVerbOptions): string {
  return `No validation issues found when analyzing ${[...paths, ...(live ? ['lateend'] : [])].join(', ')}.`;
}

/** What the files say by themselves and together; with `--live` as if they were applied. Worst first. */
async function findingsOf(io: CliIo, paths: readonly string[], options: AnalyzeVerbOptions): Promise<Finding[]> {
  if (paths.length === 0 && !options.live) throw new UsageError('analyze what? name files or folders, - for stdin, or --live');
  const files = await readConfigFiles(io, paths);
  const parsed = files.map(({ file, text }) => parseResources(text, { file, defaultNamespace: options.namespace }));
  const { inForce, services } = options.live ? await live(io, options) : { inForce: [], services: undefined };
  const resources = mergeResources(
    inForce,
    parsed.flatMap((part) => part.resources),
  );
  const together = analyze(resources, services ? { services } : {});
  return [...parsed.flatMap((part) => part.findings), ...together].sort(compareFindings);
}

interface Live {
  readonly inForce: readonly Resource[];
  /** Undefined while lateend knows no service: then hosts are not judged, as `apply` does not. */
  readonly services: readonly string[] | undefined;
}

function live(io: CliIo, options: AnalyzeVerbOptions): Promise<Live> {
  return withAdmin(io, options, async (admin) => {
    const [{ revision }, { instances }, { grants }] = await Promise.all([admin.revision(), admin.status(), admin.caStatus()]);
    const known = [...Object.keys(grants), ...instances.map(({ service, namespace }) => `${service}.${namespace}`)];
    const services = [...new Set(known)].map((name) => `${name}.svc.cluster.local`);
    return { inForce: revision.resources, services: services.length > 0 ? services : undefined };
  });
}
