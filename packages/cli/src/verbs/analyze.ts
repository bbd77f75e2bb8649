import { analyze, compareFindings } from '@lateen/resources/analysis';
import type { Finding } from '@lateen/resources';
import { STATE_OPTION } from '../admin.ts';
import { type AnalysisInputs, readInputs } from '../analyze/analysis-inputs.ts';
import { analyzerList, choosesSchemaOf, chosenAnalyzers } from '../analyze/analyzer-list.ts';
import { filterFindings, suppressionsOf } from '../analyze/finding-filter.ts';
import { readMeshConfigFile } from '../analyze/mesh-config-file.ts';
import { ANALYSIS_FORMATS, analysisFormat, printAnalysis } from '../analyze/print-analysis.ts';
import { findingLevel, reaches } from '../findings.ts';
import { type CliIo, type ExitCode, UsageError } from '../io.ts';
import type { Verb } from './verb.ts';

interface AnalyzeVerbOptions {
  readonly output: string;
  readonly namespace: string;
  readonly allNamespaces?: boolean;
  readonly live?: boolean;
  readonly partial?: boolean;
  readonly recursive?: boolean;
  readonly ignoreUnknown?: boolean;
  readonly listAnalyzers?: boolean;
  readonly analyzer: readonly string[];
  readonly suppress: readonly string[];
  readonly failureThreshold: string;
  readonly outputThreshold: string;
  readonly meshConfigFile?: string;
  readonly fix?: boolean;
  readonly dryRun?: boolean;
  readonly useKube?: string;
  readonly state?: string;
}

const oneMore = (text: string, before: readonly string[]): readonly string[] => [...before, text];

export const analyzeVerb: Verb = (program, io, done) => {
  program
    .command('analyze')
    .description('find what is wrong in resources, the files being all there is; with --live together with what lateend has')
    .argument('[paths...]', 'files, folders, or - for stdin')
    .option('--live', "together with lateend's resources and what is registered there")
    .option('--partial', "the files are a part: don't miss hosts, workloads and Secrets that they lack")
    .option('-R, --recursive', 'folders and what is below them')
    .option('-n, --namespace <namespace>', 'of resources that name none; only findings of it are told', 'default')
    .option('-A, --all-namespaces', 'tell the findings of all namespaces')
    .option(
      '-S, --suppress <code=resource>',
      'not this code of "Kind namespace/name", * for any text; may be repeated',
      oneMore,
      [],
    )
    .option('--failure-threshold <level>', 'exit 1 from this level on', 'Error')
    .option('--output-threshold <level>', 'say nothing below this level', 'Info')
    .option('--meshConfigFile <file>', "Istio's mesh configuration; default: what Istio installs")
    .option('--ignore-unknown', "don't tell of documents that can't be read")
    .option('--analyzer <name>', 'only this analyzer; may be repeated', oneMore, [])
    .option('-L, --list-analyzers', 'list the analyzers and do nothing else')
    .option('--fix', 'mend in the files what a machine can mend, and show the difference')
    .option('--dry-run', 'with --fix: show the difference and leave the files alone')
    .option('--use-kube <false>', 'for command lines of istioctl: there is no cluster here')
    .option('-o, --output <format>', ANALYSIS_FORMATS.join(', '), 'table')
    .option(...STATE_OPTION)
    .action(async (paths: string[], options: AnalyzeVerbOptions) => done(await runAnalyze(io, paths, options)));
};

async function runAnalyze(io: CliIo, paths: readonly string[], options: AnalyzeVerbOptions): Promise<ExitCode> {
  const format = analysisFormat(options.output);
  const failure = findingLevel('--failure-threshold', options.failureThreshold);
  const shown = findingLevel('--output-threshold', options.outputThreshold);
  if (options.listAnalyzers) {
    io.out(analyzerList());
    return 0;
  }
  refuseSenseless(paths, options);
  const findings = await findingsOf(io, paths, options);
  if (options.fix)
    return (await import('../analyze/fix/fix-files.ts')).fixFiles(io, findings, { dryRun: options.dryRun === true });
  const visible = findings.filter((finding) => reaches(finding, shown));
  await printAnalysis(io, format, visible);
  if (findings.length === 0) io.err(`${io.colours ? '✔ ' : ''}${nothingFound(paths, options)}\n`);
  return findings.some((finding) => reaches(finding, failure)) ? 1 : 0;
}

function refuseSenseless(paths: readonly string[], { live, useKube, fix, dryRun }: AnalyzeVerbOptions): void {
  if (useKube !== undefined && useKube !== 'false')
    throw new UsageError('--use-kube: there is no cluster here; --live asks lateend');
  if (paths.length === 0 && !live) throw new UsageError('analyze what? name files or folders, - for stdin, or --live');
  if (dryRun && !fix) throw new UsageError('--dry-run goes with --fix');
  if (fix && paths.includes('-')) throw new UsageError('--fix mends files; stdin is none');
}

function nothingFound(paths: readonly string[], { live }: AnalyzeVerbOptions): string {
  return `No validation issues found when analyzing ${[...paths, ...(live ? ['lateend'] : [])].join(', ')}.`;
}

/** What the files say by themselves and together, as far as it is asked for. Worst first. */
async function findingsOf(io: CliIo, paths: readonly string[], options: AnalyzeVerbOptions): Promise<Finding[]> {
  const suppressions = suppressionsOf(io, options.suppress);
  const { allNamespaces = false, live = false, partial = false, recursive = false, ignoreUnknown = false, state } = options;
  const { meshConfig, findings: inMeshConfig } = await readMeshConfigFile(io, options.meshConfigFile);
  const defaultNamespace = allNamespaces && !live ? '' : options.namespace;
  const inputs = await readInputs(io, paths, {
    defaultNamespace,
    live,
    partial,
    recursive,
    ignoreUnknown,
    ...(state === undefined ? {} : { state }),
  });
  const chosen = chosenAnalyzers(options.analyzer);
  const together = analyze(inputs.resources, { ...inputs.world, meshConfig, ...(chosen ? { analyzers: chosen } : {}) });
  const alone = inputs.findings.filter(({ origin }) => choosesSchemaOf(chosen, origin.split(' ')[0] ?? ''));
  const all = [...inMeshConfig, ...alone, ...together].sort(compareFindings);
  return filterFindings(all, {
    suppressions,
    namespace: allNamespaces ? undefined : options.namespace,
    resources: resourcesOf(inputs),
  });
}

const resourcesOf = ({ resources }: AnalysisInputs) => resources;
