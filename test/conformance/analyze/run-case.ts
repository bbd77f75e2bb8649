import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '@lateen/core';
import { runCli } from '@lateen/cli';
import type { Finding } from '@lateen/resources';
import type { Case } from './corpus.ts';

/** What `lateen analyze` said. */
export interface Answer {
  readonly exitCode: number;
  readonly findings: readonly Finding[];
  readonly stderr: string;
}

/** Runs the command on the case's files, in a folder of their own. */
export async function runCase(each: Case): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'lateen-analyze-'));
  try {
    return await analyze(folder, [...writeFiles(each, folder), ...(each.args ?? [])]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the words of the command line that name the files. */
function writeFiles({ files, encoding, meshConfig }: Case, folder: string): string[] {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.from(text, encoding ?? 'utf8'));
  }
  if (meshConfig === undefined) return Object.keys(files);
  writeFileSync(join(folder, 'mesh-config'), meshConfig);
  return [...Object.keys(files), '--meshConfigFile', 'mesh-config'];
}

async function analyze(workingDirectory: string, words: readonly string[]): Promise<Answer> {
  let stdout = '';
  let stderr = '';
  const exitCode = await runCli(['analyze', ...words, '-o', 'json'], {
    out: (text) => (stdout += text),
    err: (text) => (stderr += text),
    readStdin: async () => '',
    environment: {},
    workingDirectory,
    colours: false,
    clock: systemClock,
  });
  return { exitCode, findings: exitCode === 2 ? [] : (JSON.parse(stdout) as Finding[]), stderr };
}
