import type { Finding } from './finding.ts';
import { makeFinding } from './make-finding.ts';
import { objectParser } from './libraries.ts';
import type { RefusalLevel } from './parse-object.ts';
import { repeatedResources } from './repeated-resources.ts';
import { type Resource, resourceKey } from './resource.ts';
import { mergeResources } from './store/merge-resources.ts';
import { readYaml } from './yaml/yaml-documents.ts';

export interface ParseOptions {
  /** The name that findings and `explain` tell. */
  readonly file: string;
  /** Namespace of resources that name none. */
  readonly defaultNamespace: string;
  /**
   * What becomes of what Istio takes and a running mesh of ours refuses (LTN0001, LTN0002). `Error`, the default: it is left out, which is for whoever
   * runs it. `Info`: it is told and kept, which is for whoever only looks at files.
   */
  readonly refusals?: RefusalLevel;
}

export interface ParsedResources {
  /** Those without an Error; of two with one name in one file the later. */
  readonly resources: readonly Resource[];
  /**
   * The same, and those whose Errors leave them readable: what the schema requires may be missing there, and numbers be out of their range, but every
   * value is of its type. For analysis, as istioctl does it.
   */
  readonly readable: readonly Resource[];
  readonly findings: readonly Finding[];
}

/**
 * The Istio resources of a YAML text: read with positions, checked against the schema and Istio's further rules. Never throws; everything that is wrong is a
 * finding with file, line and column, all of them at once.
 */
export function parseResources(text: string, options: ParseOptions): ParsedResources {
  const { file } = options;
  const { objects, problems } = readYaml(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const findings = problems.map(({ line, column, message, fix }) =>
    makeFinding('LTN0003', { origin: file, file, line, column }, message, fix),
  );
  const valid = new Map<string, Resource>();
  const readable: Resource[] = [];
  const { parseObject } = objectParser();
  for (const object of objects) {
    const parsed = parseObject(object, options);
    findings.push(...parsed.findings);
    if (!parsed.resource) continue;
    readable.push(parsed.resource);
    const key = resourceKey(parsed.resource);
    if (parsed.findings.some(({ level }) => level === 'Error')) valid.delete(key);
    else valid.set(key, parsed.resource);
  }
  findings.push(...repeatedResources(readable));
  return { resources: [...valid.values()], readable: mergeResources([], readable), findings };
}
