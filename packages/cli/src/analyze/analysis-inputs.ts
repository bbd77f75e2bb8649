import { type Finding, mergeResources, parseResources, type Resource } from '@lateen/resources';
import type { AnalyzeOptions } from '@lateen/resources/analysis';
import { withAdmin } from '../admin.ts';
import { readAnalyzedFiles } from './analyzed-files.ts';
import type { CliIo } from '../io.ts';

/** What to analyze, and what is known besides. */
export interface AnalysisInputs {
  readonly resources: readonly Resource[];
  /** What the files say by themselves. */
  readonly findings: readonly Finding[];
  readonly world: Pick<AnalyzeOptions, 'complete' | 'services' | 'workloads'>;
}

export interface InputOptions {
  /** Of resources that name none; empty: they stay without. */
  readonly defaultNamespace: string;
  readonly live: boolean;
  readonly partial: boolean;
  readonly recursive: boolean;
  readonly ignoreUnknown: boolean;
  readonly state?: string;
}

/** The files as one whole; with `live` as if they were applied. */
export async function readInputs(io: CliIo, paths: readonly string[], options: InputOptions): Promise<AnalysisInputs> {
  const { files, findings: unreadable } = await readAnalyzedFiles(io, paths, options);
  const parsed = files.map(({ file, text }) =>
    parseResources(text, { file, defaultNamespace: options.defaultNamespace, refusals: 'Info' }),
  );
  const { inForce, world } = options.live
    ? await askLateend(io, options.state)
    : { inForce: [], world: options.partial ? {} : { complete: true } };
  const resources = mergeResources(
    inForce,
    parsed.flatMap((part) => part.readable),
  );
  const findings = [...unreadable, ...parsed.flatMap((part) => part.findings)];
  return { resources, findings: options.ignoreUnknown ? findings.filter((finding) => !isUnreadable(finding)) : findings, world };
}

/** About a document that is none, rather than about a resource. */
const isUnreadable = ({ code, origin, reference }: Finding): boolean =>
  code === 'LTN0003' || (code === 'IST0106' && reference.startsWith(`${origin}:`));

/** What is in force, and who is registered. While lateend knows no service, hosts are not judged, as `apply` does not. */
function askLateend(io: CliIo, state: string | undefined) {
  return withAdmin(io, state === undefined ? {} : { state }, async (admin) => {
    const [{ revision }, { instances }, { grants }] = await Promise.all([admin.revision(), admin.status(), admin.caStatus()]);
    const known = [...Object.keys(grants), ...instances.map(({ service, namespace }) => `${service}.${namespace}`)];
    const services = [...new Set(known)].map((name) => `${name}.svc.cluster.local`);
    const workloads = instances.map(({ instance, namespace, service, labels }) => ({
      name: instance,
      namespace,
      service,
      labels,
    }));
    return { inForce: revision.resources, world: { workloads, ...(services.length > 0 ? { services } : {}) } };
  });
}
