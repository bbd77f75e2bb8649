import { EventEmitter } from 'node:events';
import { channelSink, type Clock, type EventSink, type MeshEventName, type MeshEvents } from '@lateen/core';

/** An event as `/events` tells it. */
export interface RecordedEvent {
  /** Epoch ms. */
  readonly time: number;
  readonly name: MeshEventName;
  readonly event: MeshEvents[MeshEventName];
}

const KEPT_EVENTS = 256;

/** Fans events out to `mesh.on(…)`, to `node:diagnostics_channel` and into a ring of the last 256. */
export class EventBus implements EventSink {
  readonly #emitter = new EventEmitter({ captureRejections: false });
  readonly #recent: RecordedEvent[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#emitter.setMaxListeners(0);
  }

  /** Oldest first. */
  get recent(): readonly RecordedEvent[] {
    return this.#recent;
  }

  emit<Name extends MeshEventName>(name: Name, event: MeshEvents[Name]): void {
    this.#recent.push({ time: this.#clock.wallNow(), name, event });
    if (this.#recent.length > KEPT_EVENTS) this.#recent.shift();
    channelSink.emit(name, event);
    this.#emitter.emit(name, event);
  }

  on<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void {
    this.#emitter.on(name, listener);
  }

  off<Name extends MeshEventName>(name: Name, listener: (event: MeshEvents[Name]) => void): void {
    this.#emitter.off(name, listener);
  }
}
