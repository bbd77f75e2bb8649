/** Equal but for case, or one letter more, less, other or two swapped. */
export function isNear(candidate: string, name: string): boolean {
  const left = candidate.toLowerCase();
  const right = name.toLowerCase();
  if (left === right) return true;
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start++;
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left[left.length - 1 - end] === right[right.length - 1 - end])
    end++;
  const [leftRest, rightRest] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  return leftRest.length <= 1 && rightRest.length <= 1
    ? true
    : leftRest.length === 2 && leftRest === [...rightRest].toReversed().join('');
}
