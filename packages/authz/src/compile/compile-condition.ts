import type { AuthorizationPolicySpec } from '@lateen/resources';
import { AllCondition, AnyCondition, type Condition, NotCondition } from '../match/condition.ts';
import { type Field, type FieldContext, FIELDS, fieldOfKey } from './fields.ts';

export type PolicyRule = NonNullable<AuthorizationPolicySpec['rules']>[number];

/** What becomes of a value that can't be compiled, or of an HTTP field on a raw connection. */
export interface CompileMode extends FieldContext {
  /** For raw connections instead of requests. */
  readonly forTcp: boolean;
  /** ALLOW drops the whole rule, so that it allows nobody; the others ignore the value, so that they catch more. */
  readonly strict: boolean;
}

const SOURCE_FIELDS = [
  'principals',
  'requestPrincipals',
  'serviceAccounts',
  'trustDomains',
  'namespaces',
  'remoteIpBlocks',
  'ipBlocks',
] as const;
const OPERATION_FIELDS = ['hosts', 'methods', 'paths', 'ports'] as const;

/** @returns undefined for a rule that is dropped. */
export function compileCondition(rule: PolicyRule, mode: CompileMode): AllCondition | undefined {
  try {
    const sources = (rule.from ?? []).map(({ source = {} }) => entry(source, SOURCE_FIELDS, mode));
    const operations = (rule.to ?? []).map(({ operation = {} }) => entry(operation, OPERATION_FIELDS, mode));
    const conditions = (rule.when ?? []).flatMap(({ key, values, notValues }) => {
      const field = fieldOfKey(key);
      if (!field) throw new RuleDropped();
      return fieldConditions(field, values, notValues, mode, key);
    });
    return new AllCondition('', [...oneOf('from', sources), ...oneOf('to', operations), ...conditions]);
  } catch (error) {
    if (error instanceof RuleDropped) return undefined;
    throw error;
  }
}

class RuleDropped extends Error {}

type Entry = Readonly<Record<string, readonly string[] | undefined>>;

function entry(fields: Entry, names: readonly (keyof typeof FIELDS)[], mode: CompileMode): AllCondition {
  const parts = names.flatMap((name) => {
    const not = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return fieldConditions(FIELDS[name], fields[name], fields[not], mode, name, not);
  });
  return new AllCondition(parts.map(({ text }) => text).join(', ') || 'anything', parts);
}

function oneOf(name: string, entries: readonly AllCondition[]): Condition[] {
  if (entries.length === 0) return [];
  const [only] = entries;
  if (entries.length === 1 && only) return [...only.parts];
  return [new AnyCondition(`${name}: ${entries.map(({ text }) => `{${text}}`).join(' or ')}`, entries)];
}

function fieldConditions(
  field: Field,
  values: readonly string[] | undefined,
  notValues: readonly string[] | undefined,
  mode: CompileMode,
  name: string,
  notName = `not ${name}`,
): Condition[] {
  const is = usable(field, values, mode);
  const isNot = usable(field, notValues, mode);
  const conditions: Condition[] = [];
  if (is.length > 0) conditions.push(field.compile(is, `${name}: ${JSON.stringify(is)}`, mode));
  if (isNot.length > 0) {
    const text = `${notName}: ${JSON.stringify(isNot)}`;
    conditions.push(new NotCondition(text, field.compile(isNot, text, mode)));
  }
  return conditions;
}

function usable(
  { httpOnly, accepts }: Field,
  values: readonly string[] = [],
  { forTcp, strict }: CompileMode,
): readonly string[] {
  const kept = httpOnly && forTcp ? [] : accepts ? values.filter(accepts) : values;
  if (strict && kept.length < values.length) throw new RuleDropped();
  return kept;
}
