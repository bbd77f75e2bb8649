import type { IncomingMessage } from 'node:http';
import { parseJson } from '@lateen/control';
import { ApiError } from './api-error.ts';

/** The JSON body. @throws {ApiError} 415 on another content type, 413 beyond `maxBytes`. @throws {WireError} when it is no JSON. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new ApiError(415, 'unsupported_media_type', 'the body must be application/json');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'));
}

function tooLarge(maxBytes: number): ApiError {
  return new ApiError(413, 'too_large', `the body is larger than ${maxBytes} bytes`);
}
