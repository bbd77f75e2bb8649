import { CelDuration, type CelMap, type CelValue } from './cel-value.ts';

/** Of values of two kinds none equals another, but whole numbers and others do by what they are worth. */
export function equals(one: CelValue, other: CelValue): boolean {
  if (one instanceof CelDuration && other instanceof CelDuration) return one.ms === other.ms;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => equals(item as CelValue, other[index] as CelValue));
  }
  // oxlint-disable-next-line eqeqeq
  return isNumber(one) && isNumber(other) ? one == other : one === other;
}

/** Below 0, 0 or above; undefined for what has no order. */
export function compare(one: CelValue, other: CelValue): number | undefined {
  if (isNumber(one) && isNumber(other)) return one < other ? -1 : one > other ? 1 : 0;
  if (typeof one === 'string' && typeof other === 'string') return one < other ? -1 : one > other ? 1 : 0;
  if (one instanceof CelDuration && other instanceof CelDuration) return one.ms - other.ms;
  if (typeof one === 'boolean' && typeof other === 'boolean') return Number(one) - Number(other);
  return undefined;
}

/** An item of a list, or a header's name. */
export function isIn(one: CelValue, other: CelValue): CelValue {
  if (Array.isArray(other)) return other.some((item) => equals(one, item as CelValue));
  if (typeof one !== 'string' || typeof other !== 'object' || other === null || !('get' in other)) return undefined;
  return (other as CelMap).get(one) !== undefined;
}

export function add(one: CelValue, other: CelValue): CelValue {
  if (typeof one === 'string' && typeof other === 'string') return one + other;
  if (one instanceof CelDuration && other instanceof CelDuration) return new CelDuration(one.ms + other.ms);
  if (Array.isArray(one) && Array.isArray(other)) return [...(one as CelValue[]), ...(other as CelValue[])];
  return arithmetic(
    one,
    other,
    (a, b) => a + b,
    (a, b) => a + b,
  );
}

export function subtract(one: CelValue, other: CelValue): CelValue {
  if (one instanceof CelDuration && other instanceof CelDuration) return new CelDuration(one.ms - other.ms);
  return arithmetic(
    one,
    other,
    (a, b) => a - b,
    (a, b) => a - b,
  );
}

export function multiply(one: CelValue, other: CelValue): CelValue {
  return arithmetic(
    one,
    other,
    (a, b) => a * b,
    (a, b) => a * b,
  );
}

/** Of whole numbers a whole one, cut towards 0. */
export function divide(one: CelValue, other: CelValue): CelValue {
  return arithmetic(
    one,
    other,
    (a, b) => (b === 0n ? undefined : a / b),
    (a, b) => a / b,
  );
}

export function remainder(one: CelValue, other: CelValue): CelValue {
  return typeof one === 'bigint' && typeof other === 'bigint' && other !== 0n ? one % other : undefined;
}

function arithmetic(
  one: CelValue,
  other: CelValue,
  whole: (a: bigint, b: bigint) => bigint | undefined,
  fraction: (a: number, b: number) => number,
): CelValue {
  if (typeof one === 'bigint' && typeof other === 'bigint') return whole(one, other);
  return typeof one === 'number' && typeof other === 'number' ? fraction(one, other) : undefined;
}

function isNumber(value: CelValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
