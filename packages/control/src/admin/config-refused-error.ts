import { LateenError } from '@lateen/core';
import type { Finding } from '@lateen/resources';

/** lateend did not take a configuration; everything it has to say about it is in `findings`. */
export class ConfigRefusedError extends LateenError {
  readonly findings: readonly Finding[];

  constructor(message: string, findings: readonly Finding[]) {
    super('LATEEN_CONFIG_INVALID', message);
    this.findings = findings;
  }
}
