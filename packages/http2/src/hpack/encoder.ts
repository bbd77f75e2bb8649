import '../protocol/buffer-methods.ts';
import type { FrameWriter } from '../frame/frame-writer.ts';
import { EncoderName } from './encoder-name.ts';
import { isFieldValue } from './field-kind.ts';
import { FIELD_OVERHEAD } from './field-overhead.ts';
import { huffmanEncode, huffmanLength } from './huffman.ts';
import { STATIC_LENGTH } from './static-table.ts';

/** A field that can't be sent: nothing of its block was. */
export class InvalidFieldError extends TypeError {
  readonly code = 'ERR_INVALID_CHAR';
}

interface Entry {
  readonly name: EncoderName;
  readonly value: string;
  readonly size: number;
}

/** Names beyond it are encoded without being remembered: an application that makes up names can't grow memory. */
const MAX_NAMES = 512;
const SIGHTINGS = 256;
const SHORT_SECRET = 20;

/**
 * Writes field blocks (RFC 7541) into the writer's slab.
 *
 * A field enters the dynamic table when it is seen a second time shortly after the first, so that ids, traces and credentials of one call
 * don't push out what repeats. In the steady state every repeated field is one byte: one look-up by name, one by value.
 */
export class HpackEncoder {
  readonly #writer: FrameWriter;
  readonly #names = new Map<string, EncoderName>();
  readonly #sightings: (string | undefined)[] = [];
  readonly #limit: number;
  /** Oldest first, from `#evicted` on; index = running number - 1 - #evictedBase. */
  #entries: Entry[] = [];
  #oldest = 0;
  #evicted = 0;
  #inserted = 0;
  #size = 0;
  #maxSize = 4096;
  /** The smallest size since the last block, and whether the peer has yet to be told. */
  #smallest = 4096;
  #resized = false;

  /** @param limit bytes that we are ready to spend on the table, whatever the peer allows; default 4096. */
  constructor(writer: FrameWriter, limit = 4096) {
    this.#writer = writer;
    this.#limit = limit;
    if (limit < 4096) this.setPeerTableSize(limit);
  }

  get tableSize(): number {
    return this.#size;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  setPeerTableSize(bytes: number): void {
    const size = Math.min(bytes, this.#limit);
    if (size === this.#maxSize) return;
    this.#smallest = this.#resized ? Math.min(this.#smallest, size) : size;
    this.#resized = true;
    this.#maxSize = size;
    this.#evictTo(Math.min(size, this.#smallest));
  }

  /** A block that was begun won't be sent: both tables start again from nothing. */
  abandon(): void {
    this.#evictTo(0);
    this.#smallest = 0;
    this.#resized = true;
  }

  begin(): void {
    if (!this.#resized) return;
    this.#resized = false;
    if (this.#smallest < this.#maxSize) this.#integer(0x20, 5, this.#smallest);
    this.#integer(0x20, 5, this.#maxSize);
  }

  nameOf(name: string): EncoderName {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    // A name in capitals shares the tables with its lowered form.
    const lower = name.toLowerCase();
    const made = (lower === name ? undefined : this.#names.get(lower)) ?? new EncoderName(lower);
    if (this.#names.size < MAX_NAMES) {
      this.#names.set(lower, made);
      this.#names.set(name, made);
    }
    return made;
  }

  /** One field. Throws {@link InvalidFieldError}; the caller then calls {@link abandon}. */
  write(name: EncoderName, value: string): void {
    const index = name.values.get(value);
    if (index !== undefined) {
      const wire = index <= STATIC_LENGTH ? index : STATIC_LENGTH * 2 + 1 + this.#inserted - index;
      if (wire < 0x7f) {
        this.#writer.ensure(1);
        this.#writer.buffer[this.#writer.offset++] = 0x80 | wire;
      } else this.#integer(0x80, 7, wire);
      return;
    }
    this.#literal(name, value);
  }

  #literal(name: EncoderName, value: string): void {
    if (!isFieldValue(value)) throw new InvalidFieldError(`Invalid character in header content ["${name.name}"]`);
    const nameIndex = name.staticIndex || this.#dynamicIndex(name.lastInserted);
    const size = name.name.length + value.length + FIELD_OVERHEAD;
    const secret = name.indexing === 'never' || (name.indexing === 'if-long' && value.length < SHORT_SECRET);
    const index = !secret && size <= this.#maxSize >> 2 && this.#seenBefore(name, value);
    if (index) this.#integer(0x40, 6, nameIndex);
    else this.#integer(secret ? 0x10 : 0, 4, nameIndex);
    if (nameIndex === 0) {
      if (!name.isToken && name.name.charCodeAt(0) !== 0x3a) {
        throw new InvalidFieldError(`Header name must be a valid HTTP token ["${name.name}"]`);
      }
      this.#string(name.name, index);
    }
    this.#string(value, index);
    if (index) this.#insert({ name, value, size });
  }

  #dynamicIndex(inserted: number): number {
    if (inserted === 0 || inserted - STATIC_LENGTH <= this.#evicted) return 0;
    return STATIC_LENGTH * 2 + 1 + this.#inserted - inserted;
  }

  #seenBefore(name: EncoderName, value: string): boolean {
    // A name that is not remembered can't be found again either.
    if (this.#names.size >= MAX_NAMES && this.#names.get(name.name) !== name) return false;
    const { length } = value;
    const first = length === 0 ? 0 : value.charCodeAt(length >> 1) * 31 + value.charCodeAt(length - 1);
    const slot = (length * 7 + first * 17 + name.name.length) & (SIGHTINGS - 1);
    if (this.#sightings[slot] === value) return true;
    this.#sightings[slot] = value;
    return false;
  }

  #insert(entry: Entry): void {
    this.#evictTo(this.#maxSize - entry.size);
    if (entry.size > this.#maxSize) return;
    this.#entries.push(entry);
    this.#size += entry.size;
    this.#inserted++;
    const index = STATIC_LENGTH + this.#inserted;
    entry.name.values.set(entry.value, index);
    entry.name.lastInserted = index;
  }

  #evictTo(room: number): void {
    while (this.#size > room && this.#oldest < this.#entries.length) {
      const { name, value, size } = this.#entries[this.#oldest++] as Entry;
      this.#size -= size;
      this.#evicted++;
      name.values.delete(value);
    }
    if (this.#oldest > 64 && this.#oldest * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#oldest);
      this.#oldest = 0;
    }
  }

  #integer(bits: number, prefixBits: number, value: number): void {
    const writer = this.#writer;
    writer.ensure(6);
    const { buffer } = writer;
    const mask = (1 << prefixBits) - 1;
    if (value < mask) {
      buffer[writer.offset++] = bits | value;
      return;
    }
    buffer[writer.offset++] = bits | mask;
    let rest = value - mask;
    for (; rest >= 0x80; rest >>>= 7) buffer[writer.offset++] = (rest & 0x7f) | 0x80;
    buffer[writer.offset++] = rest;
  }

  /** Huffman only for what is sent once and indexed from then on: short on the wire, free in the steady state. */
  #string(text: string, kept: boolean): void {
    const writer = this.#writer;
    const { length } = text;
    if (kept) {
      const coded = huffmanLength(text);
      if (coded < length) {
        this.#integer(0x80, 7, coded);
        writer.ensure(coded);
        writer.offset = huffmanEncode(text, writer.buffer, writer.offset);
        return;
      }
    }
    this.#integer(0, 7, length);
    writer.ensure(length);
    const { buffer } = writer;
    if (length > 48) writer.offset += buffer.latin1Write(text, writer.offset, length);
    else for (let i = 0; i < length; i++) buffer[writer.offset++] = text.charCodeAt(i);
  }
}
