import type { WheelNode } from '@lateen/core';
import { Http2Stream } from '../connection/http2-stream.ts';
import { surface } from '../connection/protect.ts';
import type { ClientSession } from './client-session.ts';
import type { DispatchController, DispatchHandler, DispatchRequest, ResponseHeaders } from './dispatch.ts';
import { HeldResponse } from './held-response.ts';

/** Stands for no trailers until somebody is told of them. */
export const NO_TRAILERS: ResponseHeaders = Object.freeze({}) as ResponseHeaders;

/** Tells a handler its answer: pieces and end at the pace that it takes them, one end or one error, and the time limits between. */
export abstract class AnswerStream extends Http2Stream implements WheelNode {
  readonly request: DispatchRequest;
  readonly handler: DispatchHandler;
  paused = false;
  /** The handler has heard the end or an error. */
  settled = false;
  wheelNext: WheelNode | null = null;
  wheelPrevious: WheelNode | null = null;
  wheelTick = -1;
  #held: HeldResponse | undefined;
  abstract override readonly connection: ClientSession;

  constructor(request: DispatchRequest, handler: DispatchHandler) {
    super();
    this.request = request;
    this.handler = handler;
  }

  abstract abort(reason: Error): void;
  abstract onDeadline(): void;

  pause(): void {
    this.paused = true;
    this.arm(0);
  }

  resume(): void {
    this.paused = false;
    if (!this.settled && this.id !== 0) this.arm(this.request.bodyTimeout);
    const held = this.#held;
    if (held === undefined) return;
    while (!this.paused && !this.settled) {
      const piece = held.next();
      if (piece === undefined) break;
      this.#deliver(piece);
    }
    if (held.end !== undefined && !this.paused && held.isEmpty) this.#deliverEnd(held.end);
  }

  /** The end has come and waits behind a pause. */
  protected get endIsHeld(): boolean {
    return this.#held?.end !== undefined;
  }

  protected take(piece: Buffer): void {
    if (this.#mustHold) (this.#held ??= new HeldResponse()).add(piece);
    else this.#deliver(piece);
  }

  protected finish(trailers: ResponseHeaders): void {
    if (this.#mustHold) (this.#held ??= new HeldResponse()).end = trailers;
    else this.#deliverEnd(trailers);
  }

  protected fail(error: Error): void {
    if (this.settled) return;
    this.#settle();
    this.#held = undefined;
    this.connection.incoming.settle(this, 0);
    this.#tellError(error);
  }

  /** Waits so long for what comes next; no time or 0: as long as it takes. */
  protected arm(timeoutMs: number | null | undefined): void {
    if (timeoutMs) this.connection.wheel.schedule(this, this.connection.clock.now() + timeoutMs);
    else if (this.wheelTick !== -1) this.connection.wheel.cancel(this);
  }

  get #mustHold(): boolean {
    return this.paused || (this.#held !== undefined && !this.#held.isEmpty);
  }

  /** Who takes the answer sees the stream as what steers it. */
  get #controller(): DispatchController {
    return this as unknown as DispatchController;
  }

  #deliver(piece: Buffer): void {
    if (this.settled) return;
    if (this.wheelTick !== -1) this.arm(this.request.bodyTimeout);
    try {
      this.handler.onResponseData?.(this.#controller, piece);
    } catch (error) {
      return this.abort(error as Error);
    }
    const { incoming } = this.connection;
    incoming.release(this, piece.length);
    incoming.settle(this, this.unread - piece.length);
  }

  #deliverEnd(trailers: ResponseHeaders): void {
    if (this.settled) return;
    this.#settle();
    try {
      this.handler.onResponseEnd?.(this.#controller, trailers === NO_TRAILERS ? {} : trailers);
    } catch (error) {
      this.#tellError(error as Error);
    }
  }

  #tellError(error: Error): void {
    try {
      this.handler.onResponseError?.(this.#controller, error);
    } catch (thrown) {
      surface(thrown);
    }
  }

  #settle(): void {
    this.settled = true;
    if (this.wheelTick !== -1) this.connection.wheel.cancel(this);
  }
}
