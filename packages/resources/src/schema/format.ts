/** A check that a schema names, and what a reader is told when it fails. */
export interface Format {
  readonly test: (text: string) => boolean;
  readonly wanted: string;
  /** Whether Istio could decode it at all, valid or not. Absent: any text. */
  readonly decodes?: (text: string) => boolean;
}
