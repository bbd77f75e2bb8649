import type { Clock } from '@lateen/core';
import type { TrustBundles } from '@lateen/identity';
import type {
  ApplyReply,
  AuthorityStatus,
  ConfigFile,
  ConfigReply,
  HistoryEntry,
  JoinTokenBody,
  JoinTokenReply,
  ResourceReference,
  StatusReply,
} from '../wire.ts';
import { findAdminFile, readAdminFile } from './admin-file.ts';
import { LateendAdmin } from './lateend-admin.ts';

export interface AdminOptions {
  /** lateend's state folder. Default: `LATEEN_ADMIN_FILE`, else the folder that the pointer in the user's state folder names. */
  readonly stateDir?: string;
  readonly clock: Clock;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default 10 000. */
  readonly timeoutMs?: number;
}

export interface ApplyOptions {
  /** Refused when another revision is current. */
  readonly expectedRevision?: number;
  readonly author?: string;
  /** Namespace of resources that name none. Default `default`. */
  readonly defaultNamespace?: string;
}

/**
 * lateend's administrator: what the CLI speaks through. Every method rejects with a `LateenError` of one sentence:
 * `LATEEN_CONTROL_UNREACHABLE` (URL and mend), or `ConfigRefusedError` with all findings.
 */
export interface AdminClient {
  readonly url: string;
  readonly bundles: TrustBundles;
  /** Resolves when all live processes run it, or after 2 s naming the laggards. */
  apply(files: readonly ConfigFile[], options?: ApplyOptions): Promise<ApplyReply>;
  remove(resources: readonly ResourceReference[], options?: Omit<ApplyOptions, 'defaultNamespace'>): Promise<ApplyReply>;
  /** The current revision, or an older one of the log. */
  revision(number?: number): Promise<ConfigReply>;
  /** Newest first. */
  history(): Promise<readonly HistoryEntry[]>;
  status(): Promise<StatusReply>;
  createToken(request: JoinTokenBody): Promise<JoinTokenReply>;
  caStatus(): Promise<AuthorityStatus>;
  close(): void;
}

/** @throws {LateenError} `LATEEN_CONTROL_UNREACHABLE` when there is no `admin.json`, `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`. */
export async function openAdmin({ stateDir, clock, environment = process.env, timeoutMs }: AdminOptions): Promise<AdminClient> {
  const path = await findAdminFile(stateDir, environment);
  return new LateendAdmin(await readAdminFile(path), path, clock, timeoutMs);
}
