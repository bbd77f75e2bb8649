import { DerError } from './der-error.ts';

const LINE_LENGTH = 64;
const MAX_BLOCKS = 64;
const BLOCK = /-----BEGIN ([A-Z ]{1,32})-----\r?\n((?:[A-Za-z0-9+/]{1,76}={0,2}\r?\n)+)-----END \1-----(?:\r?\n|$)/y;
const GAP = /(?:[ \t]*\r?\n)*/y;

/** The DER of each block of a PEM text that holds nothing but blocks of one kind. @throws {DerError} */
export function decodePem(pem: string, label: string): Buffer[] {
  const blocks: Buffer[] = [];
  let offset = skipBlankLines(pem, 0);
  while (offset < pem.length) {
    BLOCK.lastIndex = offset;
    const match = BLOCK.exec(pem);
    if (!match || match[1] !== label) throw new DerError(`something that is no ${label} in PEM`);
    const base64 = (match[2] as string).replace(/\r?\n/g, '');
    const der = Buffer.from(base64, 'base64');
    if (der.toString('base64') !== base64) throw new DerError('bad base64');
    if (blocks.push(der) > MAX_BLOCKS) throw new DerError(`more than ${MAX_BLOCKS} blocks`);
    offset = skipBlankLines(pem, BLOCK.lastIndex);
  }
  if (blocks.length === 0) throw new DerError(`no ${label}`);
  return blocks;
}

export function encodePem(der: Uint8Array, label: string): string {
  const base64 = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('base64');
  const lines = base64.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

function skipBlankLines(pem: string, offset: number): number {
  GAP.lastIndex = offset;
  GAP.exec(pem);
  return GAP.lastIndex;
}
