import { isLateenError } from '@lateen/core';
import type { TransportFailure } from './transport.ts';

const PROTOCOL_CODES = new Set(['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RES_EXCEEDED_MAX_SIZE']);
const TIMEOUT_CODES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const LOCAL_CODES = new Set([
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_ABORTED',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
]);

/** What an undici or socket error means for a request that was (or was not) written and answered. */
export function classifyFailure(error: Error, reusedConnection: boolean, written: boolean, answered: boolean): TransportFailure {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const processed = answered ? 'yes' : written ? 'unknown' : 'no';
  const remote = (kind: TransportFailure['kind'], seen: TransportFailure['processed'] = processed): TransportFailure => ({
    kind,
    processed: seen,
    reusedConnection,
    origin: 'remote',
  });
  if (isLateenError(error)) return remote(error.code === 'LATEEN_PEER_REFUSED' ? 'peer-refused' : 'connect', 'no');
  if (LOCAL_CODES.has(code)) return { kind: 'local', processed, reusedConnection, origin: 'local' };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return remote('headers-too-large');
  // Not every complaint of undici's parser has a code.
  if (error.name === 'HTTPParserError' || code.startsWith('HPE_') || PROTOCOL_CODES.has(code)) return remote('protocol');
  if (TIMEOUT_CODES.has(code)) return remote('timeout');
  // In TLS 1.3 the server judges our certificate after we may send: its alert comes in place of an answer, nothing was read.
  if (code.startsWith('ERR_SSL_') && !answered) return remote('peer-refused', 'no');
  return remote(written ? 'reset' : 'connect');
}
