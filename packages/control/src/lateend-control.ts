import { Cell, type Derived, derive, whenValue } from '@lateen/core';
import type { IdentitySource } from '@lateen/identity';
// Not from the package's front door, which brings every schema: a CLI that asks one question starts without them.
import { EMPTY_REVISION, type Revision } from '@lateen/resources/resource-set';
import type { ControlClient, ControlOptions } from './control-client.ts';
import { parseControlUrl } from './http/control-address.ts';
import { ControlIdentity } from './identity/control-identity.ts';
import { skewText } from './join/clock-skew.ts';
import { ControlRegistry } from './registry/control-registry.ts';
import { OwnRegistrations } from './registry/own-registrations.ts';
import { type LastGood, LastGoodState } from './state/last-good-state.ts';
import { Acknowledger } from './watch/acknowledger.ts';
import { WatchLoop } from './watch/watch-loop.ts';
import type { AckBody, WatchMessage, WatchQuery } from './wire.ts';

const NOTABLE_SKEW_MS = 5 * 60_000;

/** {@link ControlClient} as built: identity first, then the stream, whose messages go to registry, revision and bundle. */
export class LateendControl implements ControlClient {
  readonly revision = new Cell<Revision>(EMPTY_REVISION, sameRevision);
  readonly connected = new Cell(false);
  readonly registry: ControlRegistry;
  readonly problem: Derived<string | undefined>;
  readonly ready: Promise<void>;
  readonly #options: ControlOptions;
  readonly #identity: ControlIdentity;
  readonly #state: LastGoodState;
  readonly #acknowledger: Acknowledger;
  /** Why there is neither word nor last word of lateend. */
  readonly #missing: Cell<string | undefined>;
  #watch: WatchLoop | undefined;
  #lastGood: LastGood | undefined;
  #registryVersion = 0;
  #refusal: { readonly revision: Revision; readonly reason: string } | undefined;
  #applying = false;
  #closed = false;

  constructor(options: ControlOptions) {
    const { url, clock, logger, events } = options;
    this.#options = options;
    this.#identity = new ControlIdentity({ ...options, address: parseControlUrl(url) });
    this.#state = new LastGoodState(options.stateDir, clock, logger);
    const http = this.#identity.http;
    this.#acknowledger = new Acknowledger(
      () => http.value,
      () => this.#acknowledgement(),
      logger,
    );
    const reregistered = (): void => events.emit('discovery', { source: 'lateend', change: 'reregistered' });
    this.registry = new ControlRegistry(new OwnRegistrations({ http, clock, logger, onReregistered: reregistered }));
    this.#missing = new Cell<string | undefined>(`lateend at ${url} has not answered yet`);
    this.problem = derive([this.#identity.problem, this.#missing], (identity, missing) => identity ?? missing);
    this.ready = whenValue(this.problem, (problem) => problem === undefined).then(() => {});
    void this.#start();
  }

  get identity(): IdentitySource {
    return this.#identity;
  }

  refuseRevision(revision: Revision, reason: string): void {
    this.#refusal = { revision, reason };
    if (!this.#applying) this.#acknowledger.send();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.registry.close();
    this.#watch?.close();
    this.connected.set(false);
    this.#identity.close();
    this.problem.close();
    await Promise.all([this.#state.close(), this.#identity.saved()]);
  }

  async #start(): Promise<void> {
    this.#lastGood = await this.#state.load(this.#options.url);
    if (this.#closed) return;
    void this.#identity.start();
    const http = await whenValue(this.#identity.http, (value) => value !== undefined);
    if (this.#closed || !http) return;
    const { clock, random, logger } = this.#options;
    const watch = new WatchLoop({
      http,
      query: () => this.#query(),
      clock,
      random,
      logger,
      onMessage: (message) => this.#receive(message),
      onLost: (error) => this.#lost(error),
    });
    this.#watch = watch;
    watch.connected.subscribe((connected) => this.connected.set(connected));
    this.#identity.svid.subscribe(() => watch.renew());
    watch.start();
  }

  #query(): WatchQuery {
    const { instance, service, workload, adminAddress, followConfig, clock } = this.#options;
    const time = clock.wallNow();
    return { instance, service, workload, adminAddress: adminAddress(), followsConfig: followConfig ?? true, time };
  }

  #receive(message: WatchMessage): void {
    switch (message.type) {
      case 'heartbeat':
        return;
      case 'bundle':
        return this.#identity.acceptBundle(message.bundle);
      case 'settled':
        return this.registry.applySettled();
      case 'revision':
        this.#apply(message.revision);
        break;
      case 'registry':
        this.#registryVersion = message.registryVersion;
        this.registry.applyChange(message);
        if (message.acknowledge) this.#acknowledger.send();
        break;
      case 'snapshot':
        this.#greet(message.time);
        this.#identity.acceptBundle(message.bundle);
        this.#registryVersion = message.registryVersion;
        this.registry.applySnapshot(message);
        this.#apply(message.revision);
        this.#missing.set(undefined);
        break;
    }
    this.#state.saveSoon(() => this.#snapshot());
  }

  #greet(theirTime: number): void {
    const { clock, events, logger, url } = this.#options;
    if (!this.connected.value && this.registry.staleSince.value !== 0) {
      events.emit('discovery', { source: 'lateend', change: 'recovered' });
      logger.info(`lateend at ${url} is back`);
    }
    const skewMs = clock.wallNow() - theirTime;
    if (Math.abs(skewMs) < NOTABLE_SKEW_MS) return;
    logger.warn(`the clock of this machine is ${skewText(skewMs)} lateend's at ${url}; set it (NTP)`);
  }

  /** Subscribers run synchronously: when `set` has returned, the revision is in force or refused, and lateend may know. */
  #apply(revision: Revision): void {
    this.#applying = true;
    try {
      this.revision.set(revision);
    } catch (error) {
      this.#refusal ??= { revision, reason: (error as Error).message };
    } finally {
      this.#applying = false;
    }
    this.#acknowledger.send();
  }

  #acknowledgement(): AckBody {
    const { number, hash } = this.revision.value;
    const refused = this.#refusal && sameRevision(this.#refusal.revision, this.revision.value) ? this.#refusal.reason : undefined;
    return {
      instance: this.#options.instance,
      revision: number,
      hash,
      registryVersion: this.#registryVersion,
      ...(refused === undefined ? {} : { error: refused.slice(0, 4096) }),
    };
  }

  #lost(error: Error): void {
    const { clock, events, logger, url } = this.#options;
    if (!this.registry.ready.value) return this.#restore(error);
    if (this.registry.staleSince.value !== 0) return;
    this.registry.markStale(clock.wallNow());
    events.emit('discovery', { source: 'lateend', change: 'stale', error: error.message });
    logger.warn(`lost lateend at ${url} (${error.message}); its last word stays in force`);
  }

  /** The first try failed: go by what the last run knew, if anything. */
  #restore(error: Error): void {
    const { clock, logger, url } = this.#options;
    const lastGood = this.#lastGood;
    if (!lastGood) return this.#missing.set(error.message);
    this.registry.restore(lastGood.services, lastGood.instances, clock.wallNow());
    this.#apply(lastGood.revision);
    this.#missing.set(undefined);
    logger.warn(
      `${error.message}; started with revision ${lastGood.revision.number} and the endpoints of the last run from ${url}`,
    );
  }

  #snapshot(): LastGood {
    const { revision, registry } = this;
    return {
      url: this.#options.url,
      revision: revision.value,
      services: registry.services.value,
      instances: registry.instances(),
    };
  }
}

function sameRevision(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash;
}
