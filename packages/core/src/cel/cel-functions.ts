import { CelDuration, celText, type CelValue } from './cel-value.ts';

type Given = readonly CelValue[];

/**
 * A function of CEL's over its values, a method's target first; all of them are there. Undefined for values that it does not take.
 *
 * @param parseDuration ms of a text such as `1.5s`
 */
export function callOf(name: string, parseDuration: (text: string) => number | undefined): (given: Given) => CelValue {
  if (name === 'duration') {
    return ([text]) => {
      const ms = typeof text === 'string' ? parseDuration(text) : undefined;
      return ms === undefined ? undefined : new CelDuration(ms);
    };
  }
  return FUNCTIONS[name] as (given: Given) => CelValue;
}

const ofTexts =
  (operate: (text: string, other: string) => CelValue): ((given: Given) => CelValue) =>
  ([text, other = '']) =>
    typeof text === 'string' && typeof other === 'string' ? operate(text, other) : undefined;

const FUNCTIONS: Readonly<Record<string, (given: Given) => CelValue>> = {
  string: ([value]) => celText(value),
  int: ([value]) => wholeNumber(value),
  double: ([value]) => number(value),
  bool: ([value]) => (value === 'true' || value === true ? true : value === 'false' || value === false ? false : undefined),
  size: ([value]) =>
    typeof value === 'string' ? BigInt([...value].length) : Array.isArray(value) ? BigInt(value.length) : undefined,
  startsWith: ofTexts((text, part) => text.startsWith(part)),
  endsWith: ofTexts((text, part) => text.endsWith(part)),
  contains: ofTexts((text, part) => text.includes(part)),
  lowerAscii: ofTexts((text) => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upperAscii: ofTexts((text) => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())),
  getMilliseconds: ([value]) => (value instanceof CelDuration ? BigInt(Math.trunc(value.ms)) : undefined),
  getSeconds: ([value]) => (value instanceof CelDuration ? BigInt(Math.trunc(value.ms / 1_000)) : undefined),
};

function wholeNumber(value: CelValue): CelValue {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : undefined;
  return typeof value === 'string' && /^-?\d+$/.test(value) ? BigInt(value) : undefined;
}

function number(value: CelValue): CelValue {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : undefined;
}
