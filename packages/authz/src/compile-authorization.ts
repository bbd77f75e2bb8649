import type { Revision } from '@lateen/resources';
import { Authorizer } from './authorizer.ts';
import { policiesFor } from './compile/policies.ts';
import type { CustomOptions } from './custom/custom-rules.ts';
import type { PolicyWorkload } from './workload.ts';

/** Compiles what a revision's AuthorizationPolicies mean for one workload. Once a revision; the result is immutable. */
export function compileAuthorization(revision: Revision, workload: PolicyWorkload, options: CustomOptions = {}): Authorizer {
  return new Authorizer(policiesFor(revision, workload), workload, options);
}
