import { isIpOrCidr } from '../../schema/host-formats.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';

type Values = readonly string[] | undefined;

/** An empty value matches nothing, and hardly means to. */
export function notEmpty(values: Values, at: string, report: Report): void {
  for (const [value, place] of each(values, at))
    if (value === '') report.error(place, `empty value not allowed, found in ${fieldAt(at)}`);
}

/** Addresses and blocks of them. */
export function addresses(values: Values, at: string, report: Report): void {
  for (const [value, place] of each(values, at))
    if (!isIpOrCidr(value)) report.error(place, value.includes('/') ? `bad CIDR range (${value})` : `bad IP address (${value})`);
}

/** Ports in quotes. */
export function ports(values: Values, at: string, report: Report): void {
  for (const [value, place] of each(values, at))
    if (!/^\d+$/.test(value) || Number(value) > 65_535) report.error(place, `bad port (${value})`);
}

/** `account` or `namespace/account`, and no stars. */
export function serviceAccounts(values: Values, at: string, report: Report): void {
  if ((values?.length ?? 0) > 16) report.error(at, 'may not have more than 16 values');
  for (const [value, place] of each(values, at)) {
    if (value.includes('*')) report.error(place, `wildcard not allowed, found in ${fieldAt(at)}`);
    else if (value.length > 320) report.error(place, 'value cannot exceed 320 characters');
    else if (!/^[^/]+(?:\/[^/]+)?$/.test(value))
      report.error(place, `expected format 'serviceAccount' or 'namespace/serviceAccount', found "${value}" in ${fieldAt(at)}`);
  }
}

/** One star, at the start or the end. */
export function wildcards(values: Values, at: string, report: Report): void {
  notEmpty(values, at, report);
  for (const [value, place] of each(values, at)) {
    if (/\*.*\*/.test(value)) report.error(place, `at most one wildcard is allowed, found in ${fieldAt(at)}: "${value}"`);
    else if (/.\*./.test(value))
      report.error(place, `wildcard is only allowed at the start or end, found in ${fieldAt(at)}: "${value}"`);
  }
}

export function trustDomains(values: Values, at: string, report: Report): void {
  wildcards(values, at, report);
  for (const [value, place] of each(values, at))
    if (value.includes('/')) report.error(place, `trust domain must not contain '/', found in ${fieldAt(at)}: "${value}"`);
}

/** Whether a value's star is one: in the middle it is a plain letter. */
export const hasPlainStar = (value: string): boolean => value.slice(1, -1).includes('*');

const fieldAt = (at: string): string => at.slice(at.lastIndexOf('/') + 1);
