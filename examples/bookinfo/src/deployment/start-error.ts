/** The deployment can't start or go on; the message names what, and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
