import type { FindingLevel } from './finding.ts';

/** Every code that Lateen says, with its level. `IST` codes are istioctl's, `LTN` codes our own. */
export const CODES = {
  IST0002: 'Warning',
  IST0101: 'Error',
  IST0106: 'Error',
  IST0107: 'Warning',
  IST0108: 'Warning',
  IST0109: 'Error',
  IST0110: 'Error',
  IST0111: 'Error',
  IST0112: 'Error',
  IST0116: 'Warning',
  IST0118: 'Info',
  IST0125: 'Warning',
  IST0127: 'Warning',
  IST0128: 'Warning',
  IST0129: 'Warning',
  IST0130: 'Warning',
  IST0131: 'Info',
  IST0132: 'Warning',
  IST0134: 'Warning',
  IST0135: 'Info',
  IST0137: 'Warning',
  IST0138: 'Warning',
  IST0140: 'Warning',
  IST0145: 'Error',
  IST0149: 'Error',
  IST0150: 'Warning',
  IST0157: 'Warning',
  IST0159: 'Error',
  IST0160: 'Error',
  IST0161: 'Error',
  IST0162: 'Warning',
  IST0165: 'Warning',
  IST0173: 'Error',
  IST0174: 'Warning',
  IST0175: 'Warning',
  IST0177: 'Warning',
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
  /** The mesh configuration says what Istio has no name for. */
  LTN0007: 'Warning',
  /** A field of Istio's with nothing to act on inside a process. */
  LTN0008: 'Info',
} as const satisfies Record<string, FindingLevel>;

export type FindingCode = keyof typeof CODES;

/** Where a code is explained: istio.io for istioctl's, a page of this repository for our own. */
export function documentationUrl(code: string): string {
  return code.startsWith('IST')
    ? `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`
    : `docs/checks.md#${code.toLowerCase()}`;
}
