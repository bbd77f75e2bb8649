/** Beyond this many turns of the wheel a rounder share is good enough. */
const MAX_WHEEL = 4_096;

/**
 * The order in which indexes take their turns, each as often as its weight says, interleaved as evenly as can be. Weights of 0 get none.
 *
 * Source: nginx's smooth weighted round robin, unrolled.
 */
export function smoothWheel(weights: readonly number[]): Int32Array<ArrayBuffer> {
  const turns = wholeWeights(weights);
  const total = turns.reduce((sum, share) => sum + share, 0);
  const wheel = new Int32Array(total);
  const credit = new Float64Array(turns.length);
  for (let turn = 0; turn < total; turn++) {
    let best = 0;
    for (let i = 0; i < turns.length; i++) {
      credit[i] = (credit[i] as number) + (turns[i] as number);
      if ((credit[i] as number) > (credit[best] as number)) best = i;
    }
    credit[best] = (credit[best] as number) - total;
    wheel[turn] = best;
  }
  return wheel;
}

/** The smallest whole numbers in the weights' proportion, bounded by the wheel's size. */
function wholeWeights(weights: readonly number[]): number[] {
  const divisor = weights.every(Number.isInteger) ? weights.reduce(greatestCommonDivisor, 0) || 1 : 1;
  const smallest = weights.map((weight) => wholeShare(weight / divisor));
  const total = smallest.reduce((sum, weight) => sum + weight, 0);
  if (total <= MAX_WHEEL && weights.every(Number.isInteger)) return smallest;
  const sum = weights.reduce((all, weight) => all + weight, 0) || 1;
  const size = weights.every(Number.isInteger) ? MAX_WHEEL : Math.min(MAX_WHEEL, 1_000);
  return weights.map((weight) => wholeShare((weight * size) / sum));
}

function wholeShare(weight: number): number {
  return weight > 0 ? Math.max(1, Math.round(weight)) : 0;
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
