/**
 * Something that is stopped when the request that caused it goes away. The links belong to the {@link Cancellation};
 * start them as `null`.
 */
export interface Cancellable {
  cancelNext: Cancellable | null;
  cancelPrevious: Cancellable | null;
  /** The owner, while it is registered. */
  cancelOwner: Cancellation | null;
  onCancel(reason: unknown): void;
}

/**
 * The end of an inbound request, told to everything it started: an intrusive list, so that an outbound call joins and
 * leaves without allocating. An `AbortSignal` is made only for those who ask (`signal`).
 */
export class Cancellation {
  #head: Cancellable | null = null;
  #controller: AbortController | undefined;
  #cancelled = false;
  #reason: unknown;

  get cancelled(): boolean {
    return this.#cancelled;
  }

  get reason(): unknown {
    return this.#reason;
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.#cancelled) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Joins. When it is already cancelled the node is told at once and not kept. */
  add(node: Cancellable): void {
    if (this.#cancelled) return node.onCancel(this.#reason);
    node.cancelOwner = this;
    node.cancelPrevious = null;
    node.cancelNext = this.#head;
    if (this.#head) this.#head.cancelPrevious = node;
    this.#head = node;
  }

  /** Leaves. Nothing happens when it is not a member. */
  remove(node: Cancellable): void {
    if (node.cancelOwner !== this) return;
    if (node.cancelPrevious) node.cancelPrevious.cancelNext = node.cancelNext;
    else this.#head = node.cancelNext;
    if (node.cancelNext) node.cancelNext.cancelPrevious = node.cancelPrevious;
    node.cancelNext = null;
    node.cancelPrevious = null;
    node.cancelOwner = null;
  }

  /** Tells all members once. Later calls do nothing. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = true;
    this.#reason = reason;
    while (this.#head) {
      const node = this.#head;
      this.remove(node);
      node.onCancel(reason);
    }
    this.#controller?.abort(reason);
  }
}
