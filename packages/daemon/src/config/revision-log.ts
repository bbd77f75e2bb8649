import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkRevision, type HistoryEntry, parseJson, type ResourceChange } from '@lateen/control';
import { LateenError } from '@lateen/core';
import { ensurePrivateFolder, readPrivateFile, writePrivateFile } from '@lateen/identity';
import type { Revision } from '@lateen/resources';

/** A revision as it lies on disk, one file each, never changed. */
export interface RevisionRecord {
  readonly revision: Revision;
  /** What it changed against its predecessor. */
  readonly changes: readonly ResourceChange[];
  /** The YAML document each resource came from, by `resourceKey`. */
  readonly texts: Readonly<Record<string, string>>;
}

const FOLDER = 'config';
const FILE = /^(\d{8})\.json$/;
/** Older ones are deleted when a new one comes. */
const KEPT_REVISIONS = 200;

/** The log of revisions: append only, each written whole before it counts. */
export class RevisionLog {
  readonly #folder: string;
  /** Oldest first. */
  readonly #history: HistoryEntry[];
  #latest: RevisionRecord | undefined;

  private constructor(folder: string, history: HistoryEntry[], latest: RevisionRecord | undefined) {
    this.#folder = folder;
    this.#history = history;
    this.#latest = latest;
  }

  /** @throws {LateenError} `LATEEN_STATE_CORRUPT`, `LATEEN_STATE_PERMISSIONS`. */
  static async open(stateDir: string): Promise<RevisionLog> {
    const folder = join(stateDir, FOLDER);
    await ensurePrivateFolder(folder);
    const numbers = (await readdir(folder)).flatMap((name) => FILE.exec(name)?.[1] ?? []).sort();
    const history: HistoryEntry[] = [];
    let latest: RevisionRecord | undefined;
    for (const number of numbers) {
      latest = await readRecord(join(folder, `${number}.json`));
      if (latest) history.push(historyEntry(latest));
    }
    return new RevisionLog(folder, history, latest);
  }

  get latest(): RevisionRecord | undefined {
    return this.#latest;
  }

  /** Newest first. */
  history(): HistoryEntry[] {
    return this.#history.toReversed();
  }

  /** Undefined when there is none, or it was too long ago. */
  read(number: number): Promise<RevisionRecord | undefined> {
    return readRecord(this.#path(number));
  }

  /** Resolves when it is on disk for good. */
  async append(record: RevisionRecord): Promise<void> {
    await writePrivateFile(this.#path(record.revision.number), JSON.stringify(record));
    this.#history.push(historyEntry(record));
    this.#latest = record;
    while (this.#history.length > KEPT_REVISIONS) {
      const { number } = this.#history.shift() as HistoryEntry;
      await rm(this.#path(number), { force: true });
    }
  }

  #path(number: number): string {
    return join(this.#folder, `${String(number).padStart(8, '0')}.json`);
  }
}

function historyEntry({ revision, changes }: RevisionRecord): HistoryEntry {
  const { number, hash, author, time } = revision;
  return { number, hash, author, time, changes };
}

async function readRecord(path: string): Promise<RevisionRecord | undefined> {
  const json = await readPrivateFile(path);
  if (json === undefined) return undefined;
  try {
    const { revision, changes, texts } = parseJson(json) as RevisionRecord;
    if (!Array.isArray(changes) || typeof texts !== 'object') throw new Error('changes or texts are missing');
    return { revision: checkRevision(revision, 'revision'), changes, texts };
  } catch (cause) {
    throw new LateenError('LATEEN_STATE_CORRUPT', `${path} can't be read: ${(cause as Error).message}`, {
      target: path,
      hint: 'delete this file to go back to the revision before it',
      cause,
    });
  }
}
