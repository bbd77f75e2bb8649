import '../protocol/buffer-methods.ts';
import type { FieldList } from './field-list.ts';
import { FIELD_OVERHEAD } from './field-overhead.ts';
import { HeaderField } from './header-field.ts';
import { huffmanDecode } from './huffman.ts';
import { STATIC_LENGTH, STATIC_TABLE } from './static-table.ts';

/** A block that can't be read: the connection ends with COMPRESSION_ERROR, since both tables differ from now on. */
export class HpackError extends Error {
  override readonly name = 'HpackError';
}

const STATIC_FIELDS: readonly HeaderField[] = STATIC_TABLE.map(([name, value]) => new HeaderField(name, value));
/** Integers beyond it are no sizes of anything. */
const MAX_INTEGER = 2 ** 28;

/**
 * Reads field blocks (RFC 7541). A repeated field is one array read and yields the same strings again.
 *
 * Memory is bounded by the table's limit; what a block expands to, by the {@link FieldList}.
 */
export class HpackDecoder {
  /** A ring: the field inserted n-th stands at `n & mask`. */
  readonly #ring: (HeaderField | undefined)[];
  readonly #mask: number;
  /** What our settings allow; a size update may not go beyond. */
  #limit: number;
  #maxSize: number;
  #mustShrink = false;
  #size = 0;
  #inserted = 0;
  #count = 0;
  #at = 0;

  /** @param tableBytes the SETTINGS_HEADER_TABLE_SIZE that is told to the peer; once acknowledged, blocks must obey it. */
  constructor(tableBytes = 4096) {
    // Until the peer has seen our settings the default of 4096 holds.
    this.#limit = Math.max(tableBytes, 4096);
    this.#maxSize = 4096;
    let slots = 16;
    while (slots * FIELD_OVERHEAD <= this.#limit) slots *= 2;
    this.#ring = new Array(slots);
    this.#mask = slots - 1;
  }

  /** Bytes that the dynamic table counts for. */
  get tableSize(): number {
    return this.#size;
  }

  /** The peer knows our table size: from now on blocks may not use more (RFC 9113 §4.3.1). */
  acknowledged(tableBytes: number): void {
    this.#mustShrink = tableBytes < this.#maxSize;
    this.#limit = tableBytes;
  }

  /** Adds the fields of `block[start, end)` to `list`. Throws {@link HpackError}. */
  decode(block: Buffer, start: number, end: number, list: FieldList): void {
    this.#at = start;
    let seenField = false;
    while (this.#at < end) {
      const byte = block[this.#at] as number;
      if (byte >= 0x80) {
        list.add(this.#fieldAt(byte < 0xff ? (this.#at++, byte & 0x7f) : this.#integer(block, end, 7)));
      } else if (byte >= 0x40) this.#insert(this.#literal(block, end, 6, list));
      else if (byte >= 0x20) {
        if (seenField) throw new HpackError('a table size update stands behind a field');
        this.#resize(this.#integer(block, end, 5));
        continue;
      } else this.#literal(block, end, 4, list);
      seenField = true;
      if (this.#mustShrink) throw new HpackError('the table was not made smaller as our settings ask');
    }
  }

  #literal(block: Buffer, end: number, prefixBits: number, list: FieldList): HeaderField {
    const index = this.#integer(block, end, prefixBits);
    const name = index === 0 ? this.#string(block, end) : this.#fieldAt(index).name;
    const field = new HeaderField(name, this.#string(block, end));
    list.add(field);
    return field;
  }

  #fieldAt(index: number): HeaderField {
    if (index <= STATIC_LENGTH) {
      if (index === 0) throw new HpackError('index 0');
      return STATIC_FIELDS[index - 1] as HeaderField;
    }
    const back = index - STATIC_LENGTH - 1;
    if (back >= this.#count) throw new HpackError(`index ${index} is beyond the tables`);
    return this.#ring[(this.#inserted - 1 - back) & this.#mask] as HeaderField;
  }

  #insert(field: HeaderField): void {
    this.#evict(this.#maxSize - field.size);
    if (field.size > this.#maxSize) return;
    this.#ring[this.#inserted++ & this.#mask] = field;
    this.#size += field.size;
    this.#count++;
  }

  #resize(size: number): void {
    if (size > this.#limit) throw new HpackError(`a table of ${size} bytes where ${this.#limit} are allowed`);
    this.#maxSize = size;
    this.#mustShrink = false;
    this.#evict(size);
  }

  #evict(room: number): void {
    while (this.#size > room && this.#count > 0) {
      const slot = (this.#inserted - this.#count--) & this.#mask;
      this.#size -= (this.#ring[slot] as HeaderField).size;
      this.#ring[slot] = undefined;
    }
  }

  #integer(block: Buffer, end: number, prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = (block[this.#at++] as number) & mask;
    if (value < mask) return value;
    for (let shift = 0; ; shift += 7) {
      if (this.#at >= end) throw new HpackError('an integer is cut off');
      if (shift > 28) throw new HpackError('an integer is too long');
      const byte = block[this.#at++] as number;
      value += (byte & 0x7f) * 2 ** shift;
      if (value > MAX_INTEGER) throw new HpackError('an integer is too large');
      if (byte < 0x80) return value;
    }
  }

  #string(block: Buffer, end: number): string {
    if (this.#at >= end) throw new HpackError('a string is missing');
    const isHuffman = (block[this.#at] as number) >= 0x80;
    const length = this.#integer(block, end, 7);
    const start = this.#at;
    if (length > end - start) throw new HpackError('a string is cut off');
    this.#at = start + length;
    if (!isHuffman) return block.latin1Slice(start, this.#at);
    const text = huffmanDecode(block, start, this.#at);
    if (text === undefined) throw new HpackError('a string is not Huffman code');
    return text;
  }
}
