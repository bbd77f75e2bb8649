import { watch } from 'node:fs';
import { Cell, type Clock, LateenError, type Logger, type Timer, type Watched } from '@lateen/core';
import type { Finding } from '../finding.ts';
import { formatFinding } from '../make-finding.ts';
import type { Resource } from '../resource.ts';
import type { Revision } from '../resource-set.ts';
import { loadResources } from './load-resources.ts';
import { makeRevision } from './make-revision.ts';

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

/**
 * Loads `path` and follows it. A change is taken as a whole or, when anything in it is an Error, refused as a whole: then all findings are
 * logged and the last good revision stays.
 *
 * @throws {LateenError} `LATEEN_CONFIG_INVALID` with every finding when there is no good revision to start from.
 */
export async function watchResources(path: string, options: WatchOptions): Promise<ResourceStore> {
  return new FileStore(path, options, await loadValid(path, options.defaultNamespace));
}

class FileStore implements ResourceStore {
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #revision: Cell<Revision>;
  readonly #watcher: ReturnType<typeof watch>;
  #debounce: Timer | undefined;

  constructor(path: string, options: WatchOptions, resources: readonly Resource[]) {
    this.#path = path;
    this.#options = options;
    this.#revision = new Cell(
      makeRevision(resources, { number: 1, author: path, time: options.clock.wallNow() }),
      (a, b) => a.hash === b.hash,
    );
    this.#watcher = watch(path, { recursive: true, persistent: false }, () => this.#schedule());
    this.#watcher.on('error', (error) => options.logger.warn(`${path} is no longer watched: ${error.message}`));
  }

  get revision(): Watched<Revision> {
    return this.#revision;
  }

  close(): void {
    this.#debounce?.cancel();
    this.#watcher.close();
  }

  #schedule(): void {
    const { clock, debounceMs = 100 } = this.#options;
    this.#debounce?.cancel();
    this.#debounce = clock.setTimeout(() => void this.#reload(), debounceMs);
  }

  async #reload(): Promise<void> {
    const { clock, logger, defaultNamespace } = this.#options;
    const { number } = this.#revision.value;
    try {
      const resources = await loadValid(this.#path, defaultNamespace);
      this.#revision.set(makeRevision(resources, { number: number + 1, author: this.#path, time: clock.wallNow() }));
    } catch (error) {
      logger.error(`${this.#path} is refused, revision ${number} stays in force:\n${(error as Error).message}`);
    }
  }
}

async function loadValid(path: string, defaultNamespace: string): Promise<readonly Resource[]> {
  const { resources, findings } = await loadResources([path], { defaultNamespace });
  const errors = findings.filter((finding: Finding) => finding.level === 'Error');
  if (errors.length === 0) return resources;
  throw new LateenError('LATEEN_CONFIG_INVALID', errors.map(formatFinding).join('\n'), { target: path });
}
