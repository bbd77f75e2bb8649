/** A length of time, in ms. */
export class CelDuration {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = ms;
  }
}

/** Headers as expressions ask them: by name, in any case. */
export interface CelMap {
  get(name: string): string | undefined;
}

/** What an expression comes to. `undefined` is a failure, such as a header that is not there: comparisons with it fail too. */
export type CelValue = string | bigint | number | boolean | null | CelDuration | CelMap | readonly CelValue[] | undefined;

/** A value as a metric's tag or a log tells it. */
export function celText(value: CelValue): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
    case 'number':
    case 'boolean':
      return String(value);
    default:
      if (value instanceof CelDuration) return `${value.ms / 1_000}s`;
      return value === null ? 'NULL' : undefined;
  }
}
