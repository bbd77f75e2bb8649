/** A member of a {@link CallList}. The links belong to the list; start them as `null`. */
export interface Listed {
  listNext: Listed | null;
  listPrevious: Listed | null;
  /** The client is closing and waits no longer. */
  onClose(reason: Error): void;
}

/** Calls in flight: an intrusive list, so that joining and leaving allocate nothing. */
export class CallList {
  #head: Listed | null = null;
  #size = 0;
  #idle: (() => void)[] = [];

  get size(): number {
    return this.#size;
  }

  add(call: Listed): void {
    call.listPrevious = null;
    call.listNext = this.#head;
    if (this.#head) this.#head.listPrevious = call;
    this.#head = call;
    this.#size++;
  }

  remove(call: Listed): void {
    if (call.listPrevious) call.listPrevious.listNext = call.listNext;
    else this.#head = call.listNext;
    if (call.listNext) call.listNext.listPrevious = call.listPrevious;
    call.listNext = null;
    call.listPrevious = null;
    if (--this.#size === 0 && this.#idle.length > 0) this.#tellIdle();
  }

  whenEmpty(): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Tells every member; each removes itself. */
  closeAll(reason: Error): void {
    for (let call = this.#head; call; ) {
      const next = call.listNext;
      call.onClose(reason);
      call = next;
    }
  }

  #tellIdle(): void {
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}
