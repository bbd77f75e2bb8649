import type { Finding } from '@lateen/resources';

/** Where a finding stands, for tools that want it in parts. */
export interface Place {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based; undefined when not known. */
  readonly column: number | undefined;
}

/** Undefined where there is no file: of what is in force only. */
export function placeOf({ reference, column }: Finding): Place | undefined {
  const colon = reference.lastIndexOf(':');
  if (colon < 0) return undefined;
  return { file: reference.slice(0, colon), line: Number(reference.slice(colon + 1)), column: column > 0 ? column : undefined };
}

/** The message and what to write instead, in one sentence. */
export const sentence = ({ message, fix }: Finding): string => (fix ? `${message}; ${fix}` : message);
