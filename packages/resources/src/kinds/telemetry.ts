import type { Static } from 'typebox';
import { duration, moot, nonEmptyText, nullable, oneOf, percentValue, policyTargets, refused } from '../schema/fields.ts';
import { array, boolean, object, optional, record, string } from '../schema/json-schema.ts';

const mode = () => oneOf(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);
const providers = () => optional(array(object({ name: nonEmptyText() })));

const customTag = () =>
  object(
    {
      literal: optional(object({ value: nonEmptyText() })),
      environment: optional(object({ name: nonEmptyText(), defaultValue: optional(string()) })),
      header: optional(object({ name: nonEmptyText(), defaultValue: optional(string()) })),
      formatter: refused(
        object({ value: nonEmptyText() }),
        'Envoy’s command operators are not evaluated for spans',
        'write literal, environment or header',
      ),
    },
    { minProperties: 1, maxProperties: 1 },
  );

const tracing = () =>
  object({
    match: optional(object({ mode: optional(mode()) })),
    providers: providers(),
    randomSamplingPercentage: nullable(percentValue()),
    disableSpanReporting: nullable(boolean()),
    customTags: optional(record(customTag())),
    enableIstioTags: nullable(boolean()),
    useRequestIdForTraceSampling: moot(
      Object.assign(boolean(), { nullable: true }),
      'the decision is the trace’s own, whatever the request is called',
    ),
    disableContextPropagation: nullable(boolean()),
  });

const METRICS = [
  'ALL_METRICS',
  'REQUEST_COUNT',
  'REQUEST_DURATION',
  'REQUEST_SIZE',
  'RESPONSE_SIZE',
  'TCP_OPENED_CONNECTIONS',
  'TCP_CLOSED_CONNECTIONS',
  'TCP_SENT_BYTES',
  'TCP_RECEIVED_BYTES',
  'GRPC_REQUEST_MESSAGES',
  'GRPC_RESPONSE_MESSAGES',
] as const;

const override = () =>
  object({
    match: optional(
      object(
        {
          metric: optional(oneOf(METRICS)),
          customMetric: optional(nonEmptyText()),
          mode: optional(mode()),
        },
        { exclusive: [['metric', 'customMetric']] },
      ),
    ),
    disabled: nullable(boolean()),
    tagOverrides: optional(record(object({ operation: optional(oneOf(['UPSERT', 'REMOVE'])), value: optional(string()) }))),
  });

const metrics = () =>
  object({
    providers: providers(),
    overrides: optional(array(override())),
    reportingInterval: moot(duration(), 'requests are counted as they end, and told when somebody scrapes'),
  });

const accessLogging = () =>
  object({
    match: optional(object({ mode: optional(mode()) })),
    providers: providers(),
    disabled: nullable(boolean()),
    filter: optional(object({ expression: optional(string()) })),
  });

/** What is measured, traced and logged. */
export const telemetrySchema = object({
  ...policyTargets(),
  tracing: optional(array(tracing())),
  metrics: optional(array(metrics())),
  accessLogging: optional(array(accessLogging())),
});

export type TelemetrySpec = Static<typeof telemetrySchema>;
