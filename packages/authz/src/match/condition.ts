import type { AddressAttribute, TextAttribute } from './attribute.ts';
import type { IpBlock } from './ip-block.ts';
import type { Subject } from './subject.ts';
import type { TextSet } from './text-set.ts';

/** One field of a source, an operation or a `when`: what must hold. */
export interface Condition {
  matches(subject: Subject): boolean;
  /** For `explain`: `paths: ["/a"]`. */
  readonly text: string;
}

/** A value of the attribute is in the set. */
export class TextCondition implements Condition {
  readonly text: string;
  readonly attribute: TextAttribute;
  readonly set: TextSet;

  constructor(text: string, attribute: TextAttribute, set: TextSet) {
    this.text = text;
    this.attribute = attribute;
    this.set = set;
  }

  matches(subject: Subject): boolean {
    const count = this.attribute.count(subject);
    for (let i = 0; i < count; i++) {
      const value = this.attribute.at(subject, i);
      if (value !== undefined && this.set.has(value)) return true;
    }
    return false;
  }
}

/** An address is in one of the blocks. */
export class IpCondition implements Condition {
  readonly text: string;
  readonly attribute: AddressAttribute;
  readonly blocks: readonly IpBlock[];

  constructor(text: string, attribute: AddressAttribute, blocks: readonly IpBlock[]) {
    this.text = text;
    this.attribute = attribute;
    this.blocks = blocks;
  }

  matches(subject: Subject): boolean {
    const address = this.attribute.of(subject);
    for (let i = 0; i < this.blocks.length; i++) if ((this.blocks[i] as IpBlock).contains(address)) return true;
    return false;
  }
}

export class PortCondition implements Condition {
  readonly text: string;
  readonly #ports: ReadonlySet<number>;

  constructor(text: string, ports: readonly number[]) {
    this.text = text;
    this.#ports = new Set(ports);
  }

  matches(subject: Subject): boolean {
    return this.#ports.has(subject.facts.port);
  }
}

/** All of them hold. */
export class AllCondition implements Condition {
  readonly text: string;
  readonly parts: readonly Condition[];

  constructor(text: string, parts: readonly Condition[]) {
    this.text = text;
    this.parts = parts;
  }

  matches(subject: Subject): boolean {
    for (let i = 0; i < this.parts.length; i++) if (!(this.parts[i] as Condition).matches(subject)) return false;
    return true;
  }
}

/** One of them holds. */
export class AnyCondition implements Condition {
  readonly text: string;
  readonly parts: readonly Condition[];

  constructor(text: string, parts: readonly Condition[]) {
    this.text = text;
    this.parts = parts;
  }

  matches(subject: Subject): boolean {
    for (let i = 0; i < this.parts.length; i++) if ((this.parts[i] as Condition).matches(subject)) return true;
    return false;
  }
}

/** A `not` field: none of its values holds. */
export class NotCondition implements Condition {
  readonly text: string;
  readonly #inner: Condition;

  constructor(text: string, inner: Condition) {
    this.text = text;
    this.#inner = inner;
  }

  matches(subject: Subject): boolean {
    return !this.#inner.matches(subject);
  }
}

/** What no request of this process ever has, such as the metadata of Envoy's filters. */
export class NeverCondition implements Condition {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  matches(): boolean {
    return false;
  }
}
