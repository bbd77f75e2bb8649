import type { Duplex } from 'node:stream';
import type { Clock } from '@lateen/core';

/** How long a peer gets to take the last bytes. */
const LAST_BYTES_MS = 1000;

/** Closes when everything written has left; a peer that doesn't take it is cut off. What it still sends is thrown away. */
export function endSocket(socket: Duplex, clock: Clock): void {
  socket.end();
  const cut = clock.setTimeout(() => socket.destroy(), LAST_BYTES_MS);
  socket.once('close', () => cut.cancel());
  socket.resume();
}
