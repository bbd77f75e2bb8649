import { Cell, type EndpointSet, type Watched } from '@lateen/core';
import type { InstanceDescription, Registration, Registry, ServiceDescription } from '@lateen/discovery';
import type { WatchRegistry, WatchSnapshot } from '../wire.ts';
import { EndpointCells } from './endpoint-cells.ts';
import { type ChangedHosts, InstanceTable } from './instance-table.ts';
import type { OwnRegistrations } from './own-registrations.ts';

/** lateend's registry as the watch stream tells it. What was known stays when the stream is lost. */
export class ControlRegistry implements Registry {
  readonly name = 'lateend';
  readonly services = new Cell<readonly ServiceDescription[]>([], sameJson);
  readonly ready = new Cell(false);
  readonly staleSince = new Cell(0);
  readonly #table = new InstanceTable();
  readonly #cells = new EndpointCells(this.#table);
  readonly #own: OwnRegistrations;

  constructor(own: OwnRegistrations) {
    this.#own = own;
  }

  endpoints(host: string, port: number): Watched<EndpointSet> {
    return this.#cells.watch(host, port);
  }

  register(instance: InstanceDescription): Promise<Registration> {
    return this.#own.register(instance);
  }

  instances(): InstanceDescription[] {
    return [...this.#table.all()];
  }

  applySnapshot({ services, instances, settling }: Pick<WatchSnapshot, 'services' | 'instances' | 'settling'>): void {
    this.#changed(this.#table.replace(instances, settling), services);
    this.#setSource(0);
    this.#own.reconcile(instances);
  }

  applyChange({ services, upserted, removed }: WatchRegistry): void {
    this.#changed(this.#table.update(upserted, removed), services);
    this.#own.reclaim(removed);
  }

  applySettled(): void {
    this.#changed(this.#table.settle(), undefined);
  }

  /** What the last run knew, while lateend has not answered yet. */
  restore(services: readonly ServiceDescription[], instances: readonly InstanceDescription[], staleSince: number): void {
    this.#changed(this.#table.replace(instances, false), services);
    this.#setSource(staleSince);
  }

  /** The stream is lost: everything stays, marked. */
  markStale(since: number): void {
    if (this.ready.value && this.staleSince.value === 0) this.#setSource(since);
  }

  async close(): Promise<void> {
    await this.#own.close();
  }

  /** Services before endpoints when they come, so that nobody meets an endpoint of a host without a name. */
  #changed(hosts: ChangedHosts, services: readonly ServiceDescription[] | undefined): void {
    if (services) this.services.set(services);
    this.#cells.refresh(hosts);
  }

  #setSource(staleSince: number): void {
    this.#cells.setSource(true, staleSince);
    this.staleSince.set(staleSince);
    this.ready.set(true);
  }
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
