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
  /** The same done by `lateen analyze --fix`, where a machine can: all of them together. */
  readonly edits?: readonly FindingEdit[];
}

/** One replacement in the text of a document. */
export interface FindingEdit {
  /** JSON pointer below the document of the finding's resource. */
  readonly pointer: string;
  readonly replace: 'key' | 'value';
  /** YAML source: `timeout`, `"on"`, `{value: 10}`. */
  readonly by: string;
}
