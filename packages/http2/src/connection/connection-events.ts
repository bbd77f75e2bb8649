/** A breach of the protocol or of a limit by the peer. */
export interface Violation {
  readonly errorCode: number;
  readonly reason: string;
  /** 0: the connection ends; else only that stream. */
  readonly streamId: number;
}

/** What a connection reports; never called for a plain request. */
export interface ConnectionEvents {
  onViolation?(violation: Violation): void;
  onGoaway?(event: { readonly errorCode: number; readonly lastStream: number; readonly origin: 'local' | 'remote' }): void;
}
