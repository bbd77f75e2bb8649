import type { FindingLevel } from './finding.ts';

/** Every code that Lateen says, with its level. `IST` codes are istioctl's, `LTN` codes our own. */
export const CODES = {
  IST0101: 'Error',
  IST0106: 'Error',
  IST0109: 'Error',
  IST0130: 'Warning',
  IST0131: 'Info',
  IST0132: 'Warning',
  /** Valid, and surely not what was meant. */
  IST0133: 'Warning',
  /** A field of Istio's that Lateen refuses for now. */
  LTN0001: 'Error',
  /** A kind of Istio's that Lateen refuses for now. */
  LTN0002: 'Error',
  /** The text cannot be read as YAML. */
  LTN0003: 'Error',
  /** A resource that is nobody's here: left out. */
  LTN0004: 'Info',
  /** YAML 1.1 readers (kubectl, istioctl) understand a value otherwise. */
  LTN0005: 'Warning',
  /** One resource is written twice; the later counts. */
  LTN0006: 'Warning',
} as const satisfies Record<string, FindingLevel>;

export type FindingCode = keyof typeof CODES;

/** Where a code is explained: istio.io for istioctl's, a page of this repository for our own. */
export function documentationUrl(code: string): string {
  return code.startsWith('IST')
    ? `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`
    : `docs/checks.md#${code.toLowerCase()}`;
}
