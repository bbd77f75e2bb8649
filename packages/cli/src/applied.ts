import type { ApplyReply, ResourceChange } from '@lateen/control';
import type { CliIo } from './io.ts';
import { qualifiedKind } from './kinds.ts';

/** One line per resource, as kubectl writes them. */
export function changesText({ changes }: ApplyReply): string {
  return changes.map((change) => changeLine(change, change.action)).join('');
}

/** `virtualservice.networking.istio.io/reviews configured`, with the namespace where it is not `default`. */
export function changeLine({ kind, namespace, name }: Omit<ResourceChange, 'action'>, outcome: string): string {
  const where = namespace === 'default' ? '' : ` in namespace ${namespace}`;
  return `${qualifiedKind(kind)}/${name} ${outcome}${where}\n`;
}

/** What else there is to say about the change; on stderr like all that is no answer, so that `-o json` stays clean. */
export async function reportFindings(io: CliIo, { findings }: ApplyReply): Promise<void> {
  if (findings.length === 0) return;
  const { formatFinding } = await import('@lateen/resources');
  io.err(findings.map((finding) => `${formatFinding(finding)}\n`).join(''));
}

/** The revision, and who does not run it and why. */
export function reportRevision(io: CliIo, { acknowledged, laggards, revision, hash }: ApplyReply): void {
  const everyone = acknowledged.length + laggards.length;
  const where =
    everyone === 0
      ? 'is in force; no process is connected yet'
      : `is in force in ${acknowledged.length} of ${everyone} processes`;
  io.err(`revision ${revision} (${hash}) ${where}\n`);
  for (const { instance, reason } of laggards) io.err(`  ${instance}: ${reason}\n`);
}
