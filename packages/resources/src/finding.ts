export const FINDING_LEVELS = ['Error', 'Warning', 'Info'] as const;
export type FindingLevel = (typeof FINDING_LEVELS)[number];

/** One thing an analyzer or the schema says, in istioctl's JSON shape plus ours (`column`, `fix`). */
export interface Finding {
  /** Istio's code (`IST0101`), or `LTN####` where it is our own. */
  readonly code: string;
  readonly level: FindingLevel;
  readonly message: string;
  /** `VirtualService default/reviews`; the file where there is no resource. */
  readonly origin: string;
  /** `file.yaml:14` */
  readonly reference: string;
  readonly documentationUrl: string;
  /** 1-based; 0 when unknown. */
  readonly column: number;
  /** What to write instead, one imperative sentence. */
  readonly fix?: string;
}
