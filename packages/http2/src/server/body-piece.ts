/** node:http hands a text in any encoding down to its socket. */
export function asPiece(chunk: string | Uint8Array, encoding: BufferEncoding | null | undefined): Buffer | string {
  if (typeof chunk === 'string') {
    return !encoding || encoding === 'utf8' || (encoding as string) === 'utf-8' ? chunk : Buffer.from(chunk, encoding);
  }
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
