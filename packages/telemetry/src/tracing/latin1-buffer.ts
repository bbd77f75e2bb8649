/** Buffer's own latin1 methods, which `toString('latin1')` and `write` end up in; missing in the type declarations. */
export type Latin1Buffer = Buffer & {
  latin1Slice(start: number, end: number): string;
  latin1Write(text: string, offset: number, length: number): number;
};
