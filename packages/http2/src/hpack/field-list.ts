import type { HeaderField } from './header-field.ts';

/** The fields of one block, in order. One object a connection, filled anew for each block. */
export class FieldList {
  readonly fields: HeaderField[] = [];
  length = 0;
  /** RFC 9113 §6.5.2's measure, counted on beyond the limit. */
  size = 0;
  /** More than the limits allow; what came after is missing. */
  overflowed = false;
  #maxBytes: number;
  #maxFields: number;

  constructor(maxBytes: number, maxFields: number) {
    this.#maxBytes = maxBytes;
    this.#maxFields = maxFields;
  }

  clear(): void {
    this.length = 0;
    this.size = 0;
    this.overflowed = false;
  }

  add(field: HeaderField): void {
    this.size += field.size;
    if (this.size > this.#maxBytes || this.length >= this.#maxFields) this.overflowed = true;
    else this.fields[this.length++] = field;
  }

  /** Flat raw pairs of the fields from `first`. */
  toRaw(first = 0): string[] {
    const raw: string[] = [];
    for (let i = first; i < this.length; i++) {
      const { name, value } = this.fields[i] as HeaderField;
      raw.push(name, value);
    }
    return raw;
  }
}
