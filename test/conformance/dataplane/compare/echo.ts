import type { Received } from '../backends/received.ts';
import type { Answer } from '../callers/caller.ts';

/** The echo in an answer's body; undefined when no instance answered with one. */
export function echoOf({ body }: Answer): Received | undefined {
  if (!body.startsWith('{"instance":')) return undefined;
  try {
    return JSON.parse(body) as Received;
  } catch {
    return undefined; // cut
  }
}
