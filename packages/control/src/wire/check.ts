/** Turns what came over the wire into a `Value`, or throws a {@link WireError} that names the place. */
export type Check<Value> = (value: unknown, place: string) => Value;

/** What came is not what the protocol says. The message names the field, never its content. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const fail = (place: string, wanted: string): never => {
  throw new WireError(`${place || 'the message'} must be ${wanted}`);
};

export function text(maxLength = 1024): Check<string> {
  return (value, place) =>
    typeof value === 'string' && value.length <= maxLength ? value : fail(place, `text of at most ${maxLength} characters`);
}

export function oneOf<const Words extends readonly string[]>(words: Words): Check<Words[number]> {
  return (value, place) =>
    words.includes(value as string) ? (value as Words[number]) : fail(place, `one of ${words.join(', ')}`);
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Check<number> {
  return (value, place) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? (value as number)
      : fail(place, `a whole number from ${min} to ${max}`);
}

export const finite: Check<number> = (value, place) =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(place, 'a number');

export const flag: Check<boolean> = (value, place) => (typeof value === 'boolean' ? value : fail(place, 'true or false'));

/** Any JSON object, taken as it is. */
export const anyObject: Check<object> = (value, place) => (isObject(value) ? value : fail(place, 'an object'));

/** Any JSON value. */
export const anything: Check<unknown> = (value) => value;

export function list<Item>(item: Check<Item>, maxItems: number): Check<readonly Item[]> {
  return (value, place) => {
    if (!Array.isArray(value) || value.length > maxItems) return fail(place, `a list of at most ${maxItems}`);
    return value.map((entry, index) => item(entry, `${place}[${index}]`));
  };
}

/** An object with any keys and values of one sort. */
export function record<Value>(entry: Check<Value>, maxEntries = 10_000): Check<Readonly<Record<string, Value>>> {
  return (value, place) => {
    if (!isObject(value)) return fail(place, 'an object');
    const entries = Object.entries(value);
    if (entries.length > maxEntries) return fail(place, `an object of at most ${maxEntries} entries`);
    return Object.fromEntries(entries.map(([key, member]) => [key, entry(member, `${place}.${key}`)]));
  };
}

/** A field that may be absent. */
export function optional<Value>(check: Check<Value>): Check<Value | undefined> {
  return (value, place) => (value === undefined ? undefined : check(value, place));
}

type Fields<Shape> = { readonly [Key in keyof Shape]-?: Check<Shape[Key]> | Check<Shape[Key] | undefined> };

/** An object of these fields. Others are dropped, so that a newer peer can add some. */
export function shape<Shape extends object>(fields: Fields<Shape>): Check<Shape> {
  const known = Object.entries(fields) as [string, Check<unknown>][];
  return (value, place) => {
    if (!isObject(value)) return fail(place, 'an object');
    const checked: Record<string, unknown> = {};
    for (const [key, check] of known) {
      const own = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
      const member = check(own, place ? `${place}.${key}` : key);
      if (member !== undefined) checked[key] = member;
    }
    return checked as Shape;
  };
}

/** The same, and others are refused: for requests, where a misspelt field would silently mean nothing. */
export function exactly<Shape extends object>(fields: Fields<Shape>): Check<Shape> {
  const check = shape(fields);
  return (value, place) => {
    const checked = check(value, place);
    const unknown = Object.keys(value as object).find((key) => !Object.hasOwn(fields, key));
    return unknown === undefined ? checked : fail(place ? `${place}.${unknown}` : unknown, 'left out: nobody knows it');
  };
}

/** JSON as text. A `__proto__` member is refused wherever it stands. @throws {WireError} */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json, (key, value) => (key === '__proto__' ? fail('__proto__', 'left out') : value));
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError('the message must be JSON', { cause: error });
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
