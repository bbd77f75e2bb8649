/** One version of one service. */
export interface Workload {
  /** `reviews-v2` */
  readonly name: string;
  readonly service: 'productpage' | 'details' | 'reviews' | 'ratings';
  readonly version: string;
  readonly serviceAccount: string;
  /** What makes this version of the service behave as it does. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The six of Bookinfo. */
export const WORKLOADS: readonly Workload[] = [
  workload('productpage', 'v1'),
  workload('details', 'v1'),
  workload('ratings', 'v1'),
  workload('reviews', 'v1', { ENABLE_RATINGS: 'false' }),
  workload('reviews', 'v2', { ENABLE_RATINGS: 'true' }),
  workload('reviews', 'v3', { ENABLE_RATINGS: 'true', STAR_COLOR: 'red' }),
];

function workload(service: Workload['service'], version: string, environment: Record<string, string> = {}): Workload {
  return { name: `${service}-${version}`, service, version, serviceAccount: `bookinfo-${service}`, environment };
}
