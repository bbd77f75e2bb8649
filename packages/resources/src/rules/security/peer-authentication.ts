import type { Draft } from '../../analysis/draft.ts';
import type { PeerAuthenticationSpec } from '../../kinds/index.ts';
import type { About, Report } from '../report.ts';
import { emptySelectorRule } from '../shared/selector.ts';

/** Ports are a workload's: a policy for all of them names none. */
export function peerAuthenticationRules(
  { selector, portLevelMtls }: Draft<PeerAuthenticationSpec>,
  _about: About,
  report: Report,
): void {
  emptySelectorRule(selector, '/selector', report);
  if (portLevelMtls && Object.keys(portLevelMtls).length > 0 && Object.keys(selector?.matchLabels ?? {}).length === 0)
    report.error('/portLevelMtls', 'mesh/namespace peer authentication cannot have port level mTLS', 'write a selector');
}
