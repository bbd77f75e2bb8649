import { headerValue } from '@lateen/core';
import type { PolicyEnvironment } from './expressions.ts';
import { type CustomTag, isAbout, type TelemetryResource, type TelemetrySide, type TracingBlock } from './telemetry-resource.ts';

/** What becomes of one side's traces. */
export interface SideTracing {
  /** 0–1; undefined: as the process was started. */
  readonly samplingRatio: number | undefined;
  /** Contexts go on, and no span is told to anybody. */
  readonly reports: boolean;
  /** Whether requests carry the context further. */
  readonly propagates: boolean;
  /** Whether spans tell the workload in Istio's words. */
  readonly istioTags: boolean;
  /** The same for every span. */
  readonly tags: readonly (readonly [string, string])[];
  /** What a request's headers say; undefined where no tag asks. */
  readonly headerTags: ((headers: readonly string[]) => readonly (readonly [string, string])[]) | undefined;
}

export type TracingPolicy = Readonly<Record<TelemetrySide, SideTracing>>;

const DEFAULT_SIDE: SideTracing = {
  samplingRatio: undefined,
  reports: true,
  propagates: true,
  istioTags: true,
  tags: [],
  headerTags: undefined,
};

export const DEFAULT_TRACING: TracingPolicy = { client: DEFAULT_SIDE, server: DEFAULT_SIDE };

/** Each field by itself: the nearest Telemetry that writes it. Custom tags are replaced whole. */
export function compileTracing(telemetries: readonly TelemetryResource[], environment: PolicyEnvironment): TracingPolicy {
  const blocks = telemetries.flatMap(({ spec }) => spec.tracing ?? []);
  if (blocks.length === 0) return DEFAULT_TRACING;
  return { client: sideOf('client', blocks, environment), server: sideOf('server', blocks, environment) };
}

function sideOf(side: TelemetrySide, blocks: readonly TracingBlock[], { variables }: PolicyEnvironment): SideTracing {
  const about = blocks.filter(({ match }) => isAbout(side, match)).toReversed();
  const nearest = <Field extends keyof TracingBlock>(field: Field): NonNullable<TracingBlock[Field]> | undefined =>
    about.map((block) => block[field]).find((value) => value !== undefined && value !== null) as
      | NonNullable<TracingBlock[Field]>
      | undefined;
  const percentage = nearest('randomSamplingPercentage');
  const tags = Object.entries(nearest('customTags') ?? {});
  return {
    samplingRatio: percentage === undefined ? undefined : percentage / 100,
    reports: !nearest('disableSpanReporting'),
    propagates: !nearest('disableContextPropagation'),
    istioTags: nearest('enableIstioTags') ?? true,
    tags: tags.flatMap(([name, tag]) => fixedTag(name, tag, variables)),
    headerTags: headerTagsOf(tags),
  };
}

function fixedTag(
  name: string,
  { literal, environment }: CustomTag,
  variables: PolicyEnvironment['variables'],
): readonly (readonly [string, string])[] {
  const value = literal?.value ?? (environment ? (variables[environment.name] ?? environment.defaultValue) : undefined);
  return value === undefined || value === '' ? [] : [[name, value]];
}

function headerTagsOf(tags: readonly (readonly [string, CustomTag])[]): SideTracing['headerTags'] {
  const asked = tags.flatMap(([name, { header }]) =>
    header ? [{ name, header: header.name.toLowerCase(), otherwise: header.defaultValue }] : [],
  );
  if (asked.length === 0) return undefined;
  return (headers) =>
    asked.flatMap(({ name, header, otherwise }) => {
      const value = headerValue(headers, header) ?? otherwise;
      return value === undefined || value === '' ? [] : [[name, value] as const];
    });
}
