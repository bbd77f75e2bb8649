import { systemClock } from '@lateen/core';
import {
  ClientSession,
  type ClientSessionOptions,
  type DispatchController,
  type DispatchRequest,
  PREFACE,
} from '../../src/index.ts';
import { frame, pair, RawPeer, SETTINGS } from './frames.ts';

/** What a handler heard of one exchange. */
export class Heard {
  readonly told: string[] = [];
  readonly heads: { readonly status: number; readonly headers: Record<string, unknown>; readonly raw: string[] }[] = [];
  readonly chunks: Buffer[] = [];
  trailers: Record<string, unknown> | undefined;
  error: (Error & { code?: string; processed?: string; errorCode?: number }) | undefined;
  controller: DispatchController | undefined;
  readonly settled: Promise<void>;
  #settle!: () => void;

  constructor() {
    this.settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get body(): string {
    return Buffer.concat(this.chunks).toString();
  }

  onRequestStart(controller: DispatchController): void {
    this.controller = controller;
    this.told.push('start');
  }

  onResponseStart(controller: DispatchController, status: number, headers: Record<string, unknown>): void {
    this.told.push(String(status));
    this.heads.push({ status, headers, raw: controller.rawHeaders });
  }

  onResponseData(_controller: DispatchController, chunk: Buffer): void {
    if (this.told.at(-1) !== 'data') this.told.push('data');
    this.chunks.push(chunk);
  }

  onResponseEnd(_controller: DispatchController, trailers: Record<string, unknown>): void {
    this.told.push('end');
    this.trailers = trailers;
    this.#settle();
  }

  onResponseError(_controller: DispatchController, error: Error): void {
    this.told.push('error');
    this.error = error;
    this.#settle();
  }
}

export interface ClientUnderTest {
  readonly peer: RawPeer;
  readonly session: ClientSession;
  request(request?: Partial<DispatchRequest>): Heard;
}

/** A client session with a scripted server. */
export function clientUnderTest(options: Partial<ClientSessionOptions> & { readonly greets?: boolean } = {}): ClientUnderTest {
  const [near, far] = pair();
  const { greets = true, ...rest } = options;
  const session = new ClientSession(near, { clock: systemClock, authority: 'reviews:9080', ...rest });
  const peer = new RawPeer(far, PREFACE.length);
  if (greets) peer.send(frame(SETTINGS, 0, 0));
  return {
    peer,
    session,
    request(request = {}) {
      const heard = new Heard();
      session.dispatch({ path: '/', method: 'GET', ...request }, heard);
      return heard;
    },
  };
}
