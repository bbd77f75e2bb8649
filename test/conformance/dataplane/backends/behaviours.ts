import type { Behaviour, Setup } from '../corpus.ts';

const USUAL: Behaviour = {};

/** What `setup` says each backend is to do, and how often `failFirst` has been used up. */
export class Behaviours {
  readonly #setup: Setup;
  readonly #used = new Map<string, number>();

  constructor(setup: Setup) {
    this.#setup = setup;
  }

  /** For the next request of an instance. */
  next(instance: string): Behaviour {
    const key = this.#keyOf(instance);
    if (key === undefined) return USUAL;
    const behaviour = this.#setup[key] as Behaviour;
    if (behaviour.failFirst === undefined) return behaviour;
    const used = this.#used.get(key) ?? 0;
    this.#used.set(key, used + 1);
    return used < behaviour.failFirst ? behaviour : USUAL;
  }

  refuses(instance: string): boolean {
    const key = this.#keyOf(instance);
    return key !== undefined && this.#setup[key]?.refuse === true;
  }

  #keyOf(instance: string): string | undefined {
    if (instance in this.#setup) return instance;
    return Object.keys(this.#setup).find((key) => key.endsWith('*') && instance.startsWith(key.slice(0, -1)));
  }
}
