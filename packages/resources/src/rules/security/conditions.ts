import type { Report } from '../report.ts';
import type { PolicyRule } from './authorization-policy.ts';
import { addresses, notEmpty, ports, serviceAccounts, wildcards } from './values.ts';

type Condition = NonNullable<PolicyRule['when']>[number];
type ValueRule = (values: readonly string[] | undefined, at: string, report: Report) => void;

/** What can be asked, and what its values have to be. */
const KEYS: Readonly<Record<string, ValueRule>> = {
  'source.ip': addresses,
  'remote.ip': addresses,
  'source.namespace': notEmpty,
  'source.serviceAccount': serviceAccounts,
  'source.principal': notEmpty,
  'source.trustDomain': wildcards,
  'request.auth.principal': notEmpty,
  'request.auth.audiences': notEmpty,
  'request.auth.presenter': notEmpty,
  'destination.ip': addresses,
  'destination.port': ports,
  'connection.sni': notEmpty,
};
/** What is asked by a name in brackets: `request.headers[x-user]`. */
const MAPS = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
const GONE: Readonly<Record<string, string>> = {
  'destination.namespace': 'is replaced by the metadata.namespace',
  'destination.labels': 'is replaced by the workload selector',
  'destination.name': 'is no longer supported',
  'destination.user': 'is no longer supported',
};

/** A condition asks something that can be asked, for values that there can be. */
export function conditionRule({ key = '', values, notValues }: Condition, at: string, report: Report): void {
  if (key === '') return report.error(at, '`key` must not be empty');
  if (!values?.length && !notValues?.length)
    return report.error(at, `at least one of \`values\` or \`notValues\` must be set for key ${key}`);
  const map = MAPS.find((name) => key.startsWith(name));
  const gone = Object.keys(GONE).find((name) => key === name || key.startsWith(`${name}[`));
  const rule = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (map && !/^[^[]+\[.+\]$/.test(key))
    report.error(`${at}/key`, `bad key (${key}): should have format a[b]`, `write ${map}[name]`);
  else if (gone) report.error(`${at}/key`, `attribute ${key} ${GONE[gone]}`);
  else if (!map && !rule) report.error(`${at}/key`, `unknown attribute: ${key}`);
  for (const [field, list] of Object.entries({ values, notValues })) (rule ?? notEmpty)(list, `${at}/${field}`, report);
}
