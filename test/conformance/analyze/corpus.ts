import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One message of istioctl's, as recorded. */
export interface Message {
  readonly code: string;
  readonly level: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly file: string;
  /** Absent where istioctl named none. */
  readonly line?: number;
  readonly message: string;
}

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly encoding?: 'latin1';
  readonly args?: readonly string[];
  readonly meshConfig?: string;
  /** 0 fine, 79 an Error, 65 a document could not be read, 64 wrong usage. */
  readonly exit: number;
  readonly expect: readonly Message[];
  /** With everything in the files counted as present; what is compared where it is there. */
  readonly full?: readonly Message[];
  readonly stderr?: string;
  readonly beyond?: { readonly want: string; readonly why: string };
}

/** All cases of a folder's files, in the order of the files' names. */
export function readCorpus(folder: string): Case[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.sort().flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Case[]);
}

export const areaOf = ({ id }: Pick<Case, 'id'>): string => id.slice(0, id.indexOf('/'));
