/** A transport whose requests wait for a connection. */
export interface Starved {
  serveWaiting(): void;
}

/** `connectionPool`'s connections and pending requests, counted over all endpoints of a cluster. Infinity = no limit. */
export class ConnectionLimits {
  readonly maxConnections: number;
  readonly maxPending: number;
  connections = 0;
  pending = 0;
  readonly #starved = new Set<Starved>();

  constructor(maxConnections: number, maxPending: number) {
    this.maxConnections = maxConnections;
    this.maxPending = maxPending;
  }

  /** @param own connections of the asking transport: each endpoint may have one, whatever the others hold. */
  mayConnect(own: number): boolean {
    return own === 0 || this.connections < this.maxConnections;
  }

  mayWait(): boolean {
    return this.pending < this.maxPending;
  }

  onWaiting(transport: Starved): void {
    this.pending++;
    this.#starved.add(transport);
  }

  onServed(transport: Starved, stillWaiting: number): void {
    this.pending--;
    if (stillWaiting === 0) this.#starved.delete(transport);
  }

  onConnectionClosed(): void {
    this.connections--;
    for (const transport of this.#starved) transport.serveWaiting();
  }
}
