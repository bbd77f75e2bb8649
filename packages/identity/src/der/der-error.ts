/** The bytes are not what they should be. The message says what, never shows the bytes. */
export class DerError extends Error {
  override readonly name = 'DerError';
}
