import type { Finding } from './finding.ts';
import { type IstioKind, isIstioGroup, KINDS, type Refusal, refusalOf } from './kinds/index.ts';
import { declaredFinding, type FindingPlace, makeFinding } from './make-finding.ts';
import { isNear } from './schema/nearness.ts';

/** Istio's kinds of old, by group. */
const REMOVED_GROUPS = /^(?:rbac|authentication|config)\.istio\.io\//;

/** @param level what it is to whoever reads the files: an Error where they are to be run */
export function refusedKind(kind: string, { because, instead }: Refusal, place: FindingPlace, level: 'Error' | 'Info'): Finding {
  return declaredFinding({ code: 'LTN0002', level }, place, `kind ${kind} is not supported: ${because}`, instead);
}

/** What is to be said of a kind that nobody here understands. */
export function unknownKind(apiVersion: string, kind: string, place: FindingPlace, refusals: 'Error' | 'Info'): Finding[] {
  const refusal = refusalOf(apiVersion, kind);
  if (refusal) return [refusedKind(kind, refusal, place, refusals)];
  if (REMOVED_GROUPS.test(apiVersion)) return [removed(apiVersion, kind, place)];
  if (!isIstioGroup(apiVersion)) return [foreign(apiVersion, kind, place)];
  const known = Object.hasOwn(KINDS, kind) ? KINDS[kind as IstioKind] : undefined;
  if (known) return [makeFinding('IST0106', place, `${kind} has no version ${apiVersion}`, `write ${known.apiVersions[0]}`)];
  const near = Object.keys(KINDS).find((candidate) => isNear(candidate, kind));
  const fix = near ? `did you mean ${near}?` : `the kinds are ${Object.keys(KINDS).join(', ')}`;
  return [makeFinding('IST0106', place, `unknown kind ${kind}`, fix)];
}

function removed(apiVersion: string, kind: string, place: FindingPlace): Finding {
  const message = `Deprecated: Custom resource type ${apiVersion.split('/')[0]} ${kind} is removed`;
  return makeFinding('IST0002', place, message, 'remove it; Istio has another resource for what it did');
}

function foreign(apiVersion: string, kind: string, place: FindingPlace): Finding {
  const message = `${apiVersion} ${kind} is left out: it is none of Istio's resources`;
  return makeFinding('LTN0004', place, message);
}
