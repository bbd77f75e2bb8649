import type { Clock, EventSink, Random } from '@lateen/core';
import type { IdentitySource } from '@lateen/identity';
import type { TransportFactory } from '../transport/create-transport.ts';
import type { SourceSeries } from './source-series.ts';

/** What every cluster of one client is made with. */
export interface ClusterContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventSink;
  readonly identity: IdentitySource | undefined;
  readonly series: SourceSeries;
  readonly createTransport: TransportFactory;
}
