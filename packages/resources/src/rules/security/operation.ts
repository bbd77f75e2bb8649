import { POLICY_WITHOUT_EFFECT } from '../checks.ts';
import type { Report } from '../report.ts';
import { each } from '../shared/each.ts';
import type { Operation } from './authorization-policy.ts';
import { hasPlainStar, notEmpty, ports } from './values.ts';

const FIELDS = ['hosts', 'notHosts', 'ports', 'notPorts', 'methods', 'notMethods', 'paths', 'notPaths'] as const;

/** What is called: something is said, in a form that can match. */
export function operationRule(operation: Operation, index: number, at: string, report: Report): void {
  if (!FIELDS.some((field) => operation[field]?.length))
    return report.error(at, `\`to.operation\` must not be empty, found at rule ${index}`);
  for (const field of ['ports', 'notPorts'] as const) ports(operation[field], `${at}/${field}`, report);
  for (const field of FIELDS) if (!/ports$/i.test(field)) notEmpty(operation[field], `${at}/${field}`, report);
  for (const field of ['paths', 'notPaths'] as const)
    for (const [path, place] of each(operation[field], `${at}/${field}`)) pathRule(path, place, report);
}

function pathRule(path: string, at: string, report: Report): void {
  const problem = templateProblem(path);
  if (problem) return report.error(at, `invalid or unsupported path ${path}: ${problem}`);
  if (path === '' || path.includes('{')) return;
  if (!path.startsWith('/') && !path.startsWith('*'))
    report.own(POLICY_WITHOUT_EFFECT, at, `paths begin with a slash: ${path} matches none`, `write /${path}`);
  else if (hasPlainStar(path))
    report.own(POLICY_WITHOUT_EFFECT, at, `the star in ${path} is a plain letter`, 'write {*} for one segment');
}

/** `/a/{*}/b/{**}`: a segment is a template or has no braces; after `{**}` there is none. */
function templateProblem(path: string): string | undefined {
  const isTemplate = path.includes('{*}') || path.includes('{**}');
  let isLast = false;
  for (const segment of path.replace(/^\/+|\/+$/g, '').split('/')) {
    if (segment === '{*}' || segment === '{**}') {
      if (isLast) return '{**} is not the last operator';
      isLast = segment === '{**}';
    } else if (/[{}]/.test(segment)) {
      return "it contains '{' or '}' beyond a supported path template";
    } else if (isTemplate && !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment)) {
      return `segment ${segment} is no plain text`;
    }
  }
  return undefined;
}
