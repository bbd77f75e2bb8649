import { fieldKind } from './field-kind.ts';
import { FIELD_OVERHEAD } from './field-overhead.ts';

/** A received field. Those of the dynamic table are shared by all messages that repeat them. */
export class HeaderField {
  readonly name: string;
  readonly value: string;
  readonly kind: number;
  readonly size: number;

  constructor(name: string, value: string) {
    this.name = name;
    this.value = value;
    this.kind = fieldKind(name, value);
    this.size = name.length + value.length + FIELD_OVERHEAD;
  }
}
