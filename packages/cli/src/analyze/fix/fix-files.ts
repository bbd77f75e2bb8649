import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Finding } from '@lateen/resources';
import { readConfigFile } from '../../files.ts';
import type { CliIo, ExitCode } from '../../io.ts';
import { counted } from '../../output.ts';
import { placeOf } from '../place.ts';
import { applyEdits, type DocumentEdits } from './apply-edits.ts';
import { lineHunks } from './line-hunks.ts';

/** Mends in their files the findings that carry an edit, and shows what changes. Exit 1 when an Error is left. */
export async function fixFiles(
  io: CliIo,
  findings: readonly Finding[],
  { dryRun }: { readonly dryRun: boolean },
): Promise<ExitCode> {
  const mendable = findings.filter(({ edits, reference }) => edits !== undefined && reference !== '');
  for (const [file, wanted] of editsByFile(mendable)) {
    const { text } = await readConfigFile(io, file);
    const mended = applyEdits(text, wanted);
    io.out(lineHunks(file, text, mended));
    if (!dryRun && mended !== text) await writeFile(resolve(io.workingDirectory, file), mended);
  }
  const left = findings.filter((finding) => !mendable.includes(finding));
  const what = dryRun ? 'could be mended' : 'mended';
  io.err(`${counted(mendable.length, 'finding')} ${what}, ${left.length} left to you: lateen analyze tells them\n`);
  return left.some(({ level }) => level === 'Error') ? 1 : 0;
}

function editsByFile(findings: readonly Finding[]): Map<string, DocumentEdits[]> {
  const byFile = new Map<string, DocumentEdits[]>();
  for (const finding of findings) {
    const place = placeOf(finding);
    if (!place) continue;
    const known = byFile.get(place.file) ?? [];
    byFile.set(place.file, [...known, { line: place.line, edits: finding.edits ?? [] }]);
  }
  return byFile;
}
