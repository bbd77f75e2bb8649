/** Lines around a change that are shown with it. */
const CONTEXT = 2;

/** The difference of two texts with as many lines, as `diff -u` shows it. Empty where there is none. */
export function lineHunks(file: string, before: string, after: string): string {
  const left = before.split('\n');
  const right = after.split('\n');
  const changed = left.flatMap((line, index) => (line === right[index] ? [] : [index]));
  if (changed.length === 0) return '';
  const hunks = together(changed).map(([first, last]) => hunk(left, right, first, last));
  return `--- ${file}\n+++ ${file}\n${hunks.join('')}`;
}

/** Changes so near to each other that their surroundings meet are one hunk. */
function together(changed: readonly number[]): [first: number, last: number][] {
  const groups: [number, number][] = [];
  for (const index of changed) {
    const group = groups.at(-1);
    if (group && index - group[1] <= 2 * CONTEXT) group[1] = index;
    else groups.push([index, index]);
  }
  return groups;
}

function hunk(left: readonly string[], right: readonly string[], first: number, last: number): string {
  const start = Math.max(0, first - CONTEXT);
  const end = Math.min(left.length, last + CONTEXT + 1);
  const lines: string[] = [];
  for (let index = start; index < end; index++) {
    if (left[index] === right[index]) lines.push(` ${left[index]}`);
    else lines.push(`-${left[index]}`, `+${right[index]}`);
  }
  const size = end - start;
  return `@@ -${start + 1},${size} +${start + 1},${size} @@\n${lines.join('\n')}\n`;
}
