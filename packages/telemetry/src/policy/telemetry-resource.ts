/** Which side of a call something is about: ours towards others, or others' towards us. */
export type TelemetrySide = 'client' | 'server';

type Mode = 'CLIENT_AND_SERVER' | 'CLIENT' | 'SERVER';

interface Named {
  readonly name: string;
}

export interface CustomTag {
  readonly literal?: { readonly value: string };
  readonly environment?: { readonly name: string; readonly defaultValue?: string };
  readonly header?: { readonly name: string; readonly defaultValue?: string };
}

export interface TracingBlock {
  readonly match?: { readonly mode?: Mode };
  readonly providers?: readonly Named[];
  readonly randomSamplingPercentage?: number | null;
  readonly disableSpanReporting?: boolean | null;
  readonly customTags?: Readonly<Record<string, CustomTag>>;
  readonly enableIstioTags?: boolean | null;
  readonly disableContextPropagation?: boolean | null;
}

export interface MetricsOverride {
  readonly match?: { readonly metric?: string; readonly customMetric?: string; readonly mode?: Mode };
  readonly disabled?: boolean | null;
  readonly tagOverrides?: Readonly<Record<string, { readonly operation?: 'UPSERT' | 'REMOVE'; readonly value?: string }>>;
}

export interface MetricsBlock {
  readonly providers?: readonly Named[];
  readonly overrides?: readonly MetricsOverride[];
}

export interface AccessLoggingBlock {
  readonly match?: { readonly mode?: Mode };
  readonly providers?: readonly Named[];
  readonly disabled?: boolean | null;
  readonly filter?: { readonly expression?: string };
}

/** A Telemetry as far as it is obeyed; resources of a configuration have this shape. */
export interface TelemetryResource {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly creationTimestamp?: string };
  readonly spec: {
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly tracing?: readonly TracingBlock[];
    readonly metrics?: readonly MetricsBlock[];
    readonly accessLogging?: readonly AccessLoggingBlock[];
  };
}

/** Whether a block is about a side; without a mode it is about both. */
export function isAbout(side: TelemetrySide, match: { readonly mode?: Mode } | undefined): boolean {
  const mode = match?.mode ?? 'CLIENT_AND_SERVER';
  return mode === 'CLIENT_AND_SERVER' || (mode === 'CLIENT') === (side === 'client');
}
