import type { Clock, Random } from '@lateen/core';
import { BlockingQuery } from './blocking-query.ts';
import type { ConsulClient, ConsulReply } from './consul-client.ts';
import { type ConsulInstance, type ConsulNaming, toInstance } from './consul-instance.ts';
import { type ConsulServiceEntry, isUsable } from './health-entry.ts';
import { SteadyInstances } from './steady-instances.ts';

export interface WatchedServiceOptions {
  readonly client: ConsulClient;
  readonly naming: ConsulNaming;
  readonly clock: Clock;
  readonly random: Random;
  /** Its instances, or how well it is known, changed. */
  onChange(): void;
  onRecovered(): void;
}

/** One service in Consul: its usable instances, kept up to date by a blocking query. */
export class WatchedService {
  readonly #options: WatchedServiceOptions;
  readonly #steady: SteadyInstances;
  readonly #query: BlockingQuery<readonly ConsulServiceEntry[]>;
  /** Every instance Consul lists, usable or not: what the service is made of. */
  #listed: readonly ConsulInstance[] = [];
  #answered = false;
  #failure: { readonly since: number; readonly error: Error } | undefined;

  /** @param name as Consul knows it, prefix included */
  constructor(name: string, options: WatchedServiceOptions) {
    const { client, clock, random } = options;
    this.#options = options;
    this.#steady = new SteadyInstances(clock, () => options.onChange());
    this.#query = new BlockingQuery({
      clock,
      random,
      query: (index, waitMs) => client.health(name, index, waitMs),
      onAnswer: (reply) => this.#onAnswer(name, reply),
      onFailure: (error) => this.#onFailure(error),
      onRecovered: () => this.#onRecovered(),
    });
  }

  /** Those that may be called. */
  get instances(): readonly ConsulInstance[] {
    return this.#steady.instances;
  }

  get listed(): readonly ConsulInstance[] {
    return this.#listed;
  }

  get answered(): boolean {
    return this.#answered;
  }

  /** Epoch ms since when Consul does not answer for it; 0 when all is well. */
  get staleSince(): number {
    return this.#failure?.since ?? 0;
  }

  get error(): Error | undefined {
    return this.#failure?.error;
  }

  close(): void {
    this.#query.close();
    this.#steady.close();
  }

  #onAnswer(name: string, { data, filtered }: ConsulReply<readonly ConsulServiceEntry[]>): void {
    // A token that lost its rights gets an empty list, not an error.
    if (filtered && data.length === 0) throw new Error(`the token may not read the service ${name} in Consul`);
    const { naming } = this.#options;
    const instances = (entries: readonly ConsulServiceEntry[]): ConsulInstance[] =>
      entries.flatMap((entry) => toInstance(entry, naming) ?? []);
    this.#listed = instances(data);
    this.#steady.apply(instances(data.filter(isUsable)));
    this.#answered = true;
    this.#options.onChange();
  }

  #onFailure(error: Error): void {
    this.#failure ??= { since: this.#options.clock.wallNow(), error };
    this.#options.onChange();
  }

  #onRecovered(): void {
    this.#failure = undefined;
    this.#steady.doubt();
    this.#options.onRecovered();
    this.#options.onChange();
  }
}
