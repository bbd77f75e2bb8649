import { CONNECTION_SPECIFIC, isToken } from './field-kind.ts';
import { type StaticName, STATIC_NAMES } from './static-table.ts';

/** How freely values of a name may enter the table (RFC 7541 §7.1.3). */
export type Indexing = 'free' | 'if-long' | 'never';

const NO_VALUES: ReadonlyMap<string, number> = new Map();
const INDEXING: ReadonlyMap<string, Indexing> = new Map([
  // A short secret could be guessed by watching lengths; long ones can't, since only whole values match.
  ['authorization', 'if-long'],
  ['proxy-authorization', 'if-long'],
  ['cookie', 'if-long'],
  ['set-cookie', 'never'],
]);

/** A name as one encoder knows it: where it stands in the tables, and where its values do. */
export class EncoderName {
  readonly name: string;
  /** Not a token, or about a connection of HTTP/1.1: may not be sent. */
  readonly isToken: boolean;
  readonly isConnectionSpecific: boolean;
  readonly staticIndex: number;
  readonly indexing: Indexing;
  /** Value → index: ≤ 61 static, above it 61 + the running number of its insertion. */
  readonly values: Map<string, number>;
  /** 61 + the running number of the latest insertion under this name; 0 for none. */
  lastInserted = 0;

  /** @param name as written by the caller; it is lowered here. */
  constructor(name: string) {
    this.name = name.toLowerCase();
    const known: StaticName | undefined = STATIC_NAMES.get(this.name);
    this.isToken = known !== undefined || isToken(this.name);
    this.isConnectionSpecific = CONNECTION_SPECIFIC.has(this.name);
    this.staticIndex = known?.index ?? 0;
    this.indexing = INDEXING.get(this.name) ?? 'free';
    this.values = new Map(known?.values ?? NO_VALUES);
  }
}
