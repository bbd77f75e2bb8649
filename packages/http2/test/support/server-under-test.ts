import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '@lateen/core';
import { PREFACE, ServerSession, type ServerSessionOptions, type Violation } from '../../src/index.ts';
import { frame, pair, RawPeer, SETTINGS } from './frames.ts';

export interface ServerUnderTest {
  readonly peer: RawPeer;
  readonly session: ServerSession;
  readonly requests: IncomingMessage[];
  readonly violations: Violation[];
}

/** Answers as soon as the request is complete, with what it was. */
export function echo(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on('error', () => {});
  request.on('end', () => {
    response.setHeader('content-type', 'text/plain');
    response.end(`${request.method} ${request.url} ${bytes}`);
  });
}

/** A server session with a scripted client. `greets: false` leaves the preface and SETTINGS to the script. */
export function serverUnderTest(options: Partial<ServerSessionOptions> & { readonly greets?: boolean } = {}): ServerUnderTest {
  const [near, far] = pair();
  const requests: IncomingMessage[] = [];
  const violations: Violation[] = [];
  const { greets = true, onRequest = echo, ...rest } = options;
  const session = new ServerSession(near, {
    clock: systemClock,
    events: { onViolation: (violation) => void violations.push(violation) },
    ...rest,
    onRequest: (request, response) => {
      requests.push(request);
      onRequest(request, response);
    },
  });
  const peer = new RawPeer(far);
  if (greets) peer.send(PREFACE, frame(SETTINGS, 0, 0));
  return { peer, session, requests, violations };
}
