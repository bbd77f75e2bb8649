import { Cell, type EndpointSet, NO_ENDPOINTS, type Unsubscribe, type Watched } from '@lateen/core';

/** One watched set that follows now this source, now another. */
export class SwitchedSet {
  readonly cell = new Cell<EndpointSet>(NO_ENDPOINTS);
  #source: Watched<EndpointSet> | undefined;
  #unsubscribe: Unsubscribe | undefined;

  follow(source: Watched<EndpointSet>): void {
    if (source === this.#source) return;
    this.close();
    this.#source = source;
    this.#unsubscribe = source.subscribe((set) => this.#set(set));
    this.#set(source.value);
  }

  close(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#source = undefined;
  }

  /** Versions count here: those of two sources say nothing about each other. */
  #set(set: EndpointSet): void {
    this.cell.set({ ...set, version: this.cell.value.version + 1 });
  }
}
