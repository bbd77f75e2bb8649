import type { Finding, Resource, Revision } from '@lateen/resources';
import { anyObject, type Check, exactly, finite, integer, list, optional, record, shape, text } from './check.ts';

/** One file as it lies on the operator's disk, named as they know it: findings and `explain` tell this name. */
export interface ConfigFile {
  readonly file: string;
  /** YAML, any number of documents. */
  readonly text: string;
}

export interface ResourceReference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface ApplyBody {
  readonly files: readonly ConfigFile[];
  /** Refuse when another revision is current. Absent: whatever is current. */
  readonly expectedRevision?: number;
  /** For the log of revisions. */
  readonly author?: string;
  /** Namespace of resources that name none. Default `default`. */
  readonly defaultNamespace?: string;
}

export interface DeleteBody {
  readonly resources: readonly ResourceReference[];
  readonly expectedRevision?: number;
  readonly author?: string;
}

export interface ResourceChange extends ResourceReference {
  readonly action: 'created' | 'configured' | 'unchanged' | 'deleted';
}

/** A process that does not run the revision, and why: late, or it refused. */
export interface Laggard {
  readonly instance: string;
  readonly reason: string;
}

export interface ApplyReply {
  readonly revision: number;
  readonly hash: string;
  readonly changes: readonly ResourceChange[];
  /** Instances that run it. */
  readonly acknowledged: readonly string[];
  readonly laggards: readonly Laggard[];
  /** Warnings and notes; errors refuse. */
  readonly findings: readonly Finding[];
}

/** The body of a refused apply or delete (422) beside `error`. */
export interface RefusedReply {
  readonly error: { readonly code: string; readonly message: string };
  readonly findings: readonly Finding[];
}

/** A revision as `get` and `diff` want it: with what was written, where that is known. */
export interface ConfigReply {
  readonly revision: Revision;
  /** The YAML document each resource came from, by `resourceKey`. */
  readonly texts: Readonly<Record<string, string>>;
}

export interface HistoryEntry {
  readonly number: number;
  readonly hash: string;
  readonly author: string;
  /** Epoch ms. */
  readonly time: number;
  readonly changes: readonly ResourceChange[];
}

const name = text(253);
const strings = record(text(65_536));

export const checkResource: Check<Resource> = shape<Resource>({
  apiVersion: text(),
  kind: name,
  metadata: shape({ name: text(), namespace: text(), labels: strings, annotations: strings }),
  spec: anyObject,
  origin: shape({ kind: text(), namespace: text(), name: text(), file: text(4096), line: integer(0) }),
  lines: record(integer(0), 1_000_000),
});

export const checkRevision: Check<Revision> = shape<Revision>({
  number: integer(0),
  hash: text(64),
  resources: list(checkResource, 100_000),
  author: text(),
  time: finite,
});

const file = exactly<ConfigFile>({ file: text(4096), text: text(8 * 1024 * 1024) });

export const checkApplyBody: Check<ApplyBody> = exactly<ApplyBody>({
  files: list(file, 10_000),
  expectedRevision: optional(integer(0)),
  author: optional(text(256)),
  defaultNamespace: optional(name),
});

export const checkDeleteBody: Check<DeleteBody> = exactly<DeleteBody>({
  resources: list(exactly<ResourceReference>({ kind: name, namespace: name, name }), 10_000),
  expectedRevision: optional(integer(0)),
  author: optional(text(256)),
});
