import { type Kind, resourcesOfKind, type Specs } from '../kinds/index.ts';
import type { Resource } from '../resource.ts';
import type { Draft } from './draft.ts';
import { DEFAULT_MESH_CONFIG, type MeshConfig } from './mesh-config/mesh-config.ts';
import { defaultIngress } from './world/default-ingress.ts';
import { KnownHosts } from './world/known-hosts.ts';
import { knownWorkloads, type RegisteredWorkload, type Workload } from './world/workloads.ts';

/** A resource that was read and need not be valid. */
export type DraftResource<K extends Kind> = Resource<K, Draft<Specs[K]>>;

export type ResourcesOf = <K extends Kind>(kind: K) => readonly DraftResource<K>[];

/** What every analyzer needs to look things up in. */
export interface AnalysisContext {
  readonly of: ResourcesOf;
  readonly meshConfig: MeshConfig;
  readonly hosts: KnownHosts;
  readonly workloads: readonly Workload[];
  /** What may be called missing when it isn't there, since all of it is known. */
  readonly knowsAll: {
    readonly hosts: boolean;
    readonly workloads: boolean;
    /** Of what is registered now: more may come at any moment. */
    readonly registered: boolean;
    readonly secrets: boolean;
    readonly namespaces: boolean;
  };
}

export interface AnalyzeOptions {
  /** Fully qualified hosts that are registered. Absent: not known; then hosts are not judged. */
  readonly services?: readonly string[];
  /** Instances that are registered. Absent: not known; then it is not said that a subset has none. */
  readonly workloads?: readonly RegisteredWorkload[];
  /** The resources are all there is, Services, workloads, Secrets and Namespaces included. */
  readonly complete?: boolean;
  /** What holds for the whole mesh. Default: Istio's defaults. */
  readonly meshConfig?: MeshConfig;
}

export function analysisContext(resources: readonly Resource[], options: AnalyzeOptions): AnalysisContext {
  const { services, workloads, complete = false, meshConfig = DEFAULT_MESH_CONFIG } = options;
  const all = complete ? [...defaultIngress(meshConfig), ...resources] : resources;
  const byKind = new Map<Kind, readonly Resource[]>();
  const of: ResourcesOf = <K extends Kind>(kind: K) => {
    let found = byKind.get(kind) as readonly DraftResource<K>[] | undefined;
    if (!found)
      byKind.set(kind, (found = resourcesOfKind({ resources: all }, kind) as readonly Resource[] as readonly DraftResource<K>[]));
    return found;
  };
  return {
    of,
    meshConfig,
    hosts: new KnownHosts(of('ServiceEntry'), of('Service'), services ?? []),
    workloads: knownWorkloads(of, workloads ?? []),
    knowsAll: {
      hosts: complete || services !== undefined,
      workloads: complete,
      registered: workloads !== undefined,
      secrets: complete,
      namespaces: complete,
    },
  };
}
