import type { RequestMetric } from '../policy/metrics-policy.ts';
import { BUCKET_LABELS, bucketOf } from './buckets.ts';
import type { Labels, LabelsByMetric } from './cell-labels.ts';

const BUCKETS = BUCKET_LABELS.length;

/** Where each histogram's buckets begin in a cell's array. */
export const DURATION = 0;
export const REQUEST_BYTES = BUCKETS;
export const RESPONSE_BYTES = 2 * BUCKETS;

/** The numbers of one set of label values: how many requests, and three histograms of them. */
export class SeriesCell {
  readonly reporter: 'source' | 'destination';
  readonly labels: Labels;
  /** Undefined where all metrics have the same. */
  readonly ownLabels: LabelsByMetric | undefined;
  /** Plain (not cumulative) counts per bucket: duration, request bytes, response bytes. */
  readonly buckets = new Float64Array(3 * BUCKETS);
  count = 0;
  durationSum = 0;
  requestBytesSum = 0;
  responseBytesSum = 0;

  constructor(reporter: 'source' | 'destination', labels: Labels, ownLabels?: LabelsByMetric) {
    this.reporter = reporter;
    this.labels = labels;
    this.ownLabels = ownLabels;
  }

  labelsOf(metric: RequestMetric): Labels {
    return this.ownLabels?.[metric] ?? this.labels;
  }

  add(durationMs: number, requestBytes: number, responseBytes: number): void {
    this.count++;
    this.durationSum += durationMs;
    this.requestBytesSum += requestBytes;
    this.responseBytesSum += responseBytes;
    const { buckets } = this;
    buckets[DURATION + bucketOf(durationMs)]!++;
    buckets[REQUEST_BYTES + bucketOf(requestBytes)]!++;
    buckets[RESPONSE_BYTES + bucketOf(responseBytes)]!++;
  }
}
