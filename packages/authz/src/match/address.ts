/**
 * An address as four 32-bit words; IPv4 has `family` 4 and its value in the last word. Mutable, so that a decision can parse into one that
 * it keeps.
 */
export class Address {
  family: 0 | 4 | 6 = 0;
  readonly words = new Int32Array(4);

  /** Reads `text`; IPv4-mapped IPv6 becomes IPv4. @returns whether it is an address; otherwise it is of no family and in no block. */
  parse(text: string): boolean {
    this.words.fill(0);
    this.family = 0;
    const zone = text.indexOf('%');
    const end = zone === -1 ? text.length : zone;
    if (this.#parseV4(text, 0, end)) this.family = 4;
    else if (this.#parseV6(text, end)) this.family = 6;
    if (this.family === 6 && this.words[0] === 0 && this.words[1] === 0 && this.words[2] === 0xffff) {
      this.words[2] = 0;
      this.family = 4;
    }
    return this.family !== 0;
  }

  #parseV4(text: string, from: number, end: number): boolean {
    let value = 0;
    let part = 0;
    let digits = 0;
    let parts = 0;
    for (let i = from; i <= end; i++) {
      const code = i === end ? 46 : text.charCodeAt(i);
      if (code === 46) {
        if (digits === 0 || part > 255 || ++parts > 4) return false;
        value = (value << 8) | part;
        part = 0;
        digits = 0;
      } else if (code >= 48 && code <= 57) {
        // No leading zeros: some readers take them as octal.
        if (digits === 3 || (digits > 0 && part === 0)) return false;
        part = part * 10 + code - 48;
        digits++;
      } else return false;
    }
    if (parts !== 4) return false;
    this.words[3] = value;
    return true;
  }

  #parseV6(text: string, end: number): boolean {
    this.words.fill(0);
    let group = 0;
    let gap = -1;
    let i = 0;
    if (text.charCodeAt(0) === 58 && text.charCodeAt(1) === 58) {
      gap = 0;
      i = 2;
    }
    while (i < end) {
      const start = i;
      let value = 0;
      for (; i < end && i - start < 4; i++) {
        const digit = hexDigit(text.charCodeAt(i));
        if (digit < 0) break;
        value = (value << 4) | digit;
      }
      if (i < end && text.charCodeAt(i) === 46) {
        if (group > 6) return false;
        const [w0, w1, w2] = [this.words[0] as number, this.words[1] as number, this.words[2] as number];
        if (!this.#parseV4(text, start, end)) return false;
        const v4 = this.words[3] as number;
        this.words[0] = w0;
        this.words[1] = w1;
        this.words[2] = w2;
        if (group < 6) this.words[3] = 0;
        this.#setGroup(group++, v4 >>> 16);
        this.#setGroup(group++, v4 & 0xffff);
        i = end;
        break;
      }
      if (i === start || group > 7) return false;
      this.#setGroup(group++, value);
      if (i === end) break;
      if (text.charCodeAt(i) !== 58) return false;
      i++;
      if (i < end && text.charCodeAt(i) === 58) {
        if (gap !== -1) return false;
        gap = group;
        i++;
      } else if (i === end) return false;
    }
    if (gap === -1) return group === 8;
    if (group > 7) return false;
    this.#openGap(gap, group);
    return true;
  }

  /** Moves what stands behind `::` to the end. */
  #openGap(gap: number, groups: number): void {
    for (let moved = 0; moved < groups - gap; moved++) {
      const from = groups - 1 - moved;
      const value = this.#group(from);
      this.#setGroup(from, 0);
      this.#setGroup(7 - moved, value);
    }
  }

  #group(index: number): number {
    const word = this.words[index >> 1] as number;
    return index % 2 === 0 ? word >>> 16 : word & 0xffff;
  }

  #setGroup(index: number, value: number): void {
    const word = this.words[index >> 1] as number;
    this.words[index >> 1] = index % 2 === 0 ? (word & 0xffff) | (value << 16) : (word & ~0xffff) | value;
  }
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
