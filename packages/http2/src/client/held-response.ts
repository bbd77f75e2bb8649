import type { ResponseHeaders } from './dispatch.ts';

/** What came while a handler was paused: pieces of a body, and its end. Made at the first pause that meets data. */
export class HeldResponse {
  /** The end has come, with these trailers. */
  end: ResponseHeaders | undefined = undefined;
  readonly #pieces: Buffer[] = [];

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
  }

  next(): Buffer | undefined {
    return this.#pieces.shift();
  }
}
