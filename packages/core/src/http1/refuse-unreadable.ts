import type { Duplex } from 'node:stream';
import { type Http1Refusal, type ParseError, refusalOfParseError, refusalText } from './refusal.ts';

/** node's socket, or what stands in for one; a response that has been begun on it can only be cut. */
export interface RefusedSocket extends Duplex {
  setTimeout(idleMs: number, listener?: () => void): unknown;
}

interface BegunResponse {
  readonly headersSent: boolean;
  readonly writableEnded: boolean;
  shouldKeepAlive: boolean;
  readonly req: { readonly complete: boolean };
}

/** Where node keeps the response that a connection is busy with. */
interface BegunSocket {
  readonly _httpMessage: BegunResponse | null;
}

/** How long a caller may take to read the refusal and go. */
const LINGER_MS = 1_000;

/**
 * What a `clientError` listener does: answers what node's parser could not read, and closes. What the caller still sends is read and thrown
 * away meanwhile: closing over unread bytes would reset the connection and take the answer with it.
 *
 * @returns what was answered, to be logged; undefined when nobody could be answered.
 */
export function refuseUnreadable(error: ParseError, socket: RefusedSocket): Http1Refusal | undefined {
  const refusal = refusalOfParseError(error);
  const begun = (socket as Partial<BegunSocket>)._httpMessage;
  // What is wrong came behind a whole request: that one is answered, and then the connection is closed.
  if (begun && (begun.writableEnded || begun.req.complete)) {
    begun.shouldKeepAlive = false;
    return undefined;
  }
  if (!refusal || !socket.writable || begun?.headersSent) {
    socket.destroy();
    return undefined;
  }
  socket.on('error', () => {});
  socket.removeAllListeners('data').removeAllListeners('end').resume();
  socket.once('end', () => socket.destroy());
  socket.setTimeout(LINGER_MS, () => socket.destroy());
  socket.end(refusalText(refusal), 'latin1');
  return refusal;
}
