import { STATUS_CODES } from 'node:http';
import { RETRY_ON } from './retry-policy.ts';

export interface ParsedRetryOn {
  /** Bits of {@link RETRY_ON}. */
  readonly conditions: number;
  readonly statusCodes: ReadonlySet<number>;
  /** Words that are neither a condition nor a status code HTTP knows. */
  readonly unknown: readonly string[];
}

/** The conditions that Istio's YAML may name; the last of {@link RETRY_ON} is ours and has no spelling there. */
const SPELT = RETRY_ON as Readonly<Record<string, number>>;

/** Reads `retryOn`: `5xx,connect-failure,503`. A number stands for `retriable-status-codes` with that code. */
export function parseRetryOn(text: string): ParsedRetryOn {
  const statusCodes = new Set<number>();
  const unknown: string[] = [];
  let conditions = 0;
  for (const word of text.split(',')) {
    if (Object.hasOwn(STATUS_CODES, word)) statusCodes.add(Number(word));
    else if (Object.hasOwn(SPELT, word) && word !== 'reset-on-reused-connection') conditions |= SPELT[word] as number;
    else unknown.push(word);
  }
  if (statusCodes.size > 0) conditions |= RETRY_ON['retriable-status-codes'];
  return { conditions, statusCodes, unknown };
}
