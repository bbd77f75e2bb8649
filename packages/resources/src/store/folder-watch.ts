import { type FSWatcher, watch } from 'node:fs';

/**
 * Word of every change in some folders, but not below them. Each has a watch of its own: on Linux the runtime's recursive watch follows
 * files, and so loses one that another was put in place of.
 */
export class FolderWatch {
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #changed: (name: string | null) => void;
  readonly #failed: (folder: string, error: Error) => void;

  /** @param changed is told the name within the folder, null when the system does not tell */
  constructor(changed: (name: string | null) => void, failed: (folder: string, error: Error) => void) {
    this.#changed = changed;
    this.#failed = failed;
  }

  /** From now on these and no others. */
  follow(folders: readonly string[]): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#add(folder);
  }

  close(): void {
    this.follow([]);
  }

  #add(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#changed(name));
      watcher.on('error', (error) => this.#failed(folder, error));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#failed(folder, error as Error);
    }
  }
}
