/**
 * The lines that go (`-`) and come (`+`) among those that stay, in order. For texts of a few hundred lines: O(n × m).
 * Source: longest common subsequence by dynamic programming (Wagner and Fischer, 1974).
 */
export function lineDiff(before: string, after: string): string {
  const left = before === '' ? [] : before.trimEnd().split('\n');
  const right = after === '' ? [] : after.trimEnd().split('\n');
  const common = commonLengths(left, right);
  const lines: string[] = [];
  for (let i = 0, j = 0; i < left.length || j < right.length; ) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      lines.push(`  ${left[i]}`);
      i++;
      j++;
    } else if (i < left.length && (j === right.length || at(common, i + 1, j) >= at(common, i, j + 1))) {
      lines.push(`- ${left[i++]}`);
    } else {
      lines.push(`+ ${right[j++]}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      (lengths[i] as number[])[j] =
        left[i] === right[j] ? at(lengths, i + 1, j + 1) + 1 : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

const at = (lengths: readonly (readonly number[])[], i: number, j: number): number => lengths[i]?.[j] ?? 0;
