import type { ApplyBody, ApplyReply, ConfigFile, ConfigReply, DeleteBody, HistoryEntry } from '@lateen/control';
import type { Clock } from '@lateen/core';
import {
  EMPTY_REVISION,
  type Finding,
  makeRevision,
  parseResources,
  type Resource,
  resourceKey,
  type Revision,
} from '@lateen/resources';
import { analyze } from '@lateen/resources/analysis';
import { ApiError } from '../http/api-error.ts';
import type { RevisionAnswers } from '../watch/watch-hub.ts';
import { documentTexts } from './document-texts.ts';
import { refusedSecrets } from './refused-secrets.ts';
import { deletePatch, mergePatch, type Patched } from './resource-patch.ts';
import type { RevisionLog, RevisionRecord } from './revision-log.ts';

export interface ConfigStoreOptions {
  readonly log: RevisionLog;
  readonly clock: Clock;
  /** Hosts of the mesh, fully qualified: resources may name them. Undefined while nobody knows any: then hosts are not judged. */
  knownHosts(): readonly string[] | undefined;
  /** Tells every process and waits for their answers. */
  push(revision: Revision): Promise<RevisionAnswers>;
}

type Texts = Readonly<Record<string, string>>;

interface ChangeOptions {
  readonly expectedRevision?: number;
  readonly author?: string;
}

const NOTHING: RevisionRecord = { revision: EMPTY_REVISION, changes: [], texts: {} };

/** The configuration in force. A change is checked as a whole, written down, and only then told. */
export class ConfigStore {
  readonly #options: ConfigStoreOptions;
  /** Changes go one after the other, as far as the disk; waiting for the processes overlaps. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: ConfigStoreOptions) {
    this.#options = options;
  }

  get revision(): Revision {
    return this.#record.revision;
  }

  current(): ConfigReply {
    return this.#record;
  }

  async revisionAt(number: number): Promise<ConfigReply | undefined> {
    return number === this.revision.number ? this.#record : this.#options.log.read(number);
  }

  history(): readonly HistoryEntry[] {
    return this.#options.log.history();
  }

  /** @throws {ApiError} 422 with all findings when one is an error, 409 when another revision is current than expected. */
  async apply({ files, defaultNamespace = 'default', ...options }: ApplyBody): Promise<ApplyReply> {
    const parsed = files.map((file) => parseFile(file, defaultNamespace));
    const incoming = parsed.flatMap((file) => file.resources);
    const findings = [...parsed.flatMap((file) => file.findings), ...refusedSecrets(incoming)];
    refuseErrors(findings, findings, this.revision);
    const texts = Object.fromEntries(parsed.flatMap((file) => [...file.texts]));
    return this.#change(options, findings, (record) => [
      mergePatch(record.revision.resources, incoming),
      { ...record.texts, ...texts },
    ]);
  }

  /** @throws {ApiError} as {@link apply}. */
  async remove({ resources, ...options }: DeleteBody): Promise<ApplyReply> {
    return this.#change(options, [], (record) => [deletePatch(record.revision.resources, resources), record.texts]);
  }

  get #record(): RevisionRecord {
    return this.#options.log.latest ?? NOTHING;
  }

  async #change(
    options: ChangeOptions,
    findings: readonly Finding[],
    patch: (record: RevisionRecord) => [Patched, Texts],
  ): Promise<ApplyReply> {
    const written = this.#queue.then(() => this.#write(options, findings, patch));
    this.#queue = written.catch(() => {});
    const { record, changes, warnings } = await written;
    const { number: revision, hash } = record.revision;
    const answers = await this.#options.push(record.revision);
    return { revision, hash, changes, ...answers, findings: warnings };
  }

  #analyze(resources: readonly Resource[]): Finding[] {
    const services = this.#options.knownHosts();
    return analyze(resources, services ? { services } : {});
  }

  async #write(options: ChangeOptions, findings: readonly Finding[], patch: (record: RevisionRecord) => [Patched, Texts]) {
    const { log, clock } = this.#options;
    const before = this.#record;
    refuseConflict(options.expectedRevision, before.revision);
    const [{ resources, changes }, texts] = patch(before);
    const found = this.#analyze(resources);
    // What is wrong already must not keep the next mend out: only new errors refuse. Nor does a host that nobody serves yet:
    // rules may come before their service, and are only told of.
    const inForce = new Set(analyze(before.revision.resources).map(findingKey));
    const decisive = analyze(resources).filter((finding) => !inForce.has(findingKey(finding)));
    refuseErrors([...findings, ...found], decisive, before.revision);
    // Hints are told of a change once, not with every change after it.
    const warnings = [...findings, ...found.filter((finding) => finding.level !== 'Info' || !inForce.has(findingKey(finding)))];
    if (changes.every(({ action }) => action === 'unchanged')) return { record: before, changes, warnings };
    const number = before.revision.number + 1;
    const revision = makeRevision(resources, { number, author: options.author ?? '', time: clock.wallNow() });
    const keys = new Set(resources.map(resourceKey));
    const kept = Object.fromEntries(Object.entries(texts).filter(([key]) => keys.has(key)));
    const record = { revision, changes: changes.filter(({ action }) => action !== 'unchanged'), texts: kept };
    await log.append(record);
    return { record, changes, warnings };
  }
}

function findingKey({ code, origin, message }: Finding): string {
  return `${code} ${origin} ${message}`;
}

function parseFile({ file, text }: ConfigFile, defaultNamespace: string) {
  const { resources, findings } = parseResources(text, { file, defaultNamespace });
  return { resources, findings, texts: documentTexts(text, resources) };
}

function refuseConflict(expected: number | undefined, current: Revision): void {
  if (expected === undefined || expected === current.number) return;
  const message = `the configuration changed meanwhile: revision ${current.number} is in force, ${expected} was expected`;
  throw new ApiError(409, 'LATEEN_CONFIG_INVALID', `${message}; read it again (\`lateen diff\`) and apply once more`);
}

/** @throws {ApiError} telling all `findings` when one of the `decisive` is an error. */
function refuseErrors(findings: readonly Finding[], decisive: readonly Finding[], current: Revision): void {
  const errors = decisive.filter(({ level }) => level === 'Error');
  const [first] = errors;
  if (!first) return;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const place = first.reference || first.origin;
  const message = `nothing was applied, revision ${current.number} stays: ${place}: ${first.message} [${first.code}]${more}`;
  throw new ApiError(422, 'LATEEN_CONFIG_INVALID', message, { findings });
}
