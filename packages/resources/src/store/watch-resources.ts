import { basename } from 'node:path';
import { Cell, type Clock, LateenError, type Logger, type Timer, type Watched } from '@lateen/core';
import type { Finding } from '../finding.ts';
import { formatFinding } from '../make-finding.ts';
import type { Resource } from '../resource.ts';
import type { Revision } from '../resource-set.ts';
import { configTree } from './config-tree.ts';
import { FolderWatch } from './folder-watch.ts';
import { loadResources } from './load-resources.ts';
import { makeRevision } from './make-revision.ts';
import { mergeResources } from './merge-resources.ts';

export interface WatchOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly defaultNamespace: string;
  /** How long files must be quiet before they are read again. Default 100. */
  readonly debounceMs?: number;
}

/** A folder or file of YAML as a watched configuration. */
export interface ResourceStore {
  readonly revision: Watched<Revision>;
  close(): void;
}

/** What a configuration without an Error says besides, once and not at every change. */
interface Loaded {
  readonly resources: readonly Resource[];
  readonly remarks: readonly Finding[];
}

/**
 * Loads `path` and follows it. A change is taken as a whole or, when anything in it is an Error, refused as a whole: then all findings are
 * logged and the last good revision stays.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` with every finding when there is no good revision to start from.
 */
export async function watchResources(path: string, options: WatchOptions): Promise<ResourceStore> {
  const store = new FileStore(path, options, await loadValid(path, options.defaultNamespace));
  await store.reload(); // takes what was written before the watch began
  return store;
}

class FileStore implements ResourceStore {
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #revision: Cell<Revision>;
  readonly #watch: FolderWatch;
  #debounce: Timer | undefined;
  /** Reads go one after the other, so that the last one read is the last one in force. */
  #reading: Promise<void> = Promise.resolve();
  #closed = false;
  #isFile = false;
  /** Remarks of the last good configuration. */
  #told: ReadonlySet<string> = new Set();

  constructor(path: string, options: WatchOptions, { resources, remarks }: Loaded) {
    this.#path = path;
    this.#options = options;
    this.#revision = new Cell(
      makeRevision(resources, { number: 1, author: path, time: options.clock.wallNow() }),
      (a, b) => a.hash === b.hash,
    );
    this.#watch = new FolderWatch(
      (name) => this.#changed(name),
      (folder, error) => options.logger.warn(`${folder} is no longer watched: ${error.message}`),
    );
    this.#tell(remarks);
  }

  get revision(): Watched<Revision> {
    return this.#revision;
  }

  close(): void {
    this.#closed = true;
    this.#debounce?.cancel();
    this.#watch.close();
  }

  /** Of a single file's folder only that file counts, and `..data`, by which a mounted ConfigMap changes what its files are. */
  #changed(name: string | null): void {
    if (!this.#isFile || name === null || name === basename(this.#path) || name === '..data') this.#schedule();
  }

  #schedule(): void {
    const { clock, debounceMs = 100 } = this.#options;
    this.#debounce?.cancel();
    this.#debounce = clock.setTimeout(() => {
      this.#reading = this.#reading.then(() => this.reload());
    }, debounceMs);
  }

  #tell(remarks: readonly Finding[]): void {
    const { logger } = this.#options;
    const told = this.#told;
    this.#told = new Set(remarks.map(formatFinding));
    for (const remark of remarks) {
      const text = formatFinding(remark);
      if (!told.has(text)) logger[remark.level === 'Warning' ? 'warn' : 'info'](text);
    }
  }

  async reload(): Promise<void> {
    const { clock, logger, defaultNamespace } = this.#options;
    const { number } = this.#revision.value;
    try {
      const { files, folders } = await configTree(this.#path);
      if (this.#closed) return;
      this.#isFile = files[0] === this.#path;
      this.#watch.follow(folders); // before reading, so that nothing is written unseen
      const { resources, remarks } = await loadValid(this.#path, defaultNamespace);
      if (this.#closed) return;
      this.#tell(remarks);
      this.#revision.set(makeRevision(resources, { number: number + 1, author: this.#path, time: clock.wallNow() }));
    } catch (error) {
      logger.error(`${this.#path} is refused, revision ${number} stays in force:\n${(error as Error).message}`);
    }
  }
}

/** Of two resources with one name the later counts. */
async function loadValid(path: string, defaultNamespace: string): Promise<Loaded> {
  const { resources, findings } = await loadResources([path], { defaultNamespace });
  const errors = findings.filter((finding: Finding) => finding.level === 'Error');
  if (errors.length === 0) return { resources: mergeResources([], resources), remarks: findings };
  throw new LateenError('LATEEN_CONFIG_INVALID', errors.map(formatFinding).join('\n'), { target: path });
}
