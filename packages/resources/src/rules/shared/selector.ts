import type { Report } from '../report.ts';

/** A selector that names no label selects every workload, which its writer hardly wanted to write that way. */
export function emptySelectorRule(
  selector: { readonly matchLabels?: Labels; readonly labels?: Labels } | undefined,
  at: string,
  report: Report,
): void {
  const labels = selector?.matchLabels ?? selector?.labels;
  if (selector && Object.keys(labels ?? {}).length === 0)
    report.warning(
      at,
      'workload selector specified without labels',
      'name labels, or leave the selector out to mean all workloads',
    );
}

type Labels = Readonly<Record<string, string | undefined>> | undefined;
