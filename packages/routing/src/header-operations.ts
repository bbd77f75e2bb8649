import { compileHeaderValue, type HeaderValue } from './header-template.ts';
import type { HeaderOperations } from './route.ts';
import type { HeaderOperationsSpec } from './spec-types.ts';

const NONE: HeaderOperations = { remove: [], set: [], add: [] };

/**
 * Joins the operations of a rule and of its only destination, in this order. Removes run before sets and sets before adds
 * at all levels together; of two sets of one name the later wins.
 *
 * @returns undefined when nothing is to be done.
 */
export function compileHeaderOperations(specs: readonly (HeaderOperationsSpec | undefined)[]): HeaderOperations | undefined {
  const joined = specs.reduce<HeaderOperations>(append, NONE);
  return joined.remove.length + joined.set.length + joined.add.length === 0 ? undefined : joined;
}

function append(operations: HeaderOperations, spec: HeaderOperationsSpec | undefined): HeaderOperations {
  if (!spec) return operations;
  const set = new Map(operations.set);
  for (const [name, value] of lines(spec.set)) set.set(name, value);
  return {
    remove: [...new Set([...operations.remove, ...(spec.remove ?? []).map((name) => name.toLowerCase())])],
    set: [...set],
    add: [...operations.add, ...lines(spec.add)],
  };
}

/** An empty value does nothing, as in Istio. */
function lines(headers: Readonly<Record<string, string>> | undefined): (readonly [string, HeaderValue])[] {
  return Object.entries(headers ?? {})
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [name.toLowerCase(), compileHeaderValue(value)] as const);
}

/** What a rule makes of the host by a `set` of it; Envoy's name for it is `:authority`. */
export function authorityFrom(operations: HeaderOperations | undefined): HeaderValue | undefined {
  return operations?.set.find(([name]) => name === ':authority' || name === 'host')?.[1];
}

/** The same operations without those on the host. */
export function withoutAuthority(operations: HeaderOperations | undefined): HeaderOperations | undefined {
  if (!operations || authorityFrom(operations) === undefined) return operations;
  const set = operations.set.filter(([name]) => name !== ':authority' && name !== 'host');
  return operations.remove.length + set.length + operations.add.length === 0 ? undefined : { ...operations, set };
}
