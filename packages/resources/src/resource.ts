import type { RuleOrigin } from '@lateen/core';

/** `metadata` as far as the mesh reads it. */
export interface ResourceMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339, as exports of a cluster have it: of two resources for one thing the older counts. */
  readonly creationTimestamp?: string;
}

/**
 * One Istio resource as written, validated, with its place in the file. Plain data: it travels to other processes as JSON.
 */
export interface Resource<Kind extends string = string, Spec = unknown> {
  readonly apiVersion: string;
  readonly kind: Kind;
  readonly metadata: ResourceMetadata;
  readonly spec: Spec;
  readonly origin: RuleOrigin;
  /**
   * 1-based lines by JSON pointer below the document: `"/spec/http/0": 14`. Every mapping and list item has one; any other field only
   * when it stands on another line than what holds it. Read them with {@link lineOf}.
   */
  readonly lines: Readonly<Record<string, number>>;
}

/** `VirtualService default/reviews`: how messages name a resource; `Namespace default` where it belongs to no namespace. */
export function resourceName({ kind, metadata: { namespace, name } }: Pick<Resource, 'kind' | 'metadata'>): string {
  return namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Identity of a resource within a set: group and kind, namespace, name. Versions of one group are one kind. */
export function resourceKey(resource: Pick<Resource, 'apiVersion' | 'kind' | 'metadata'>): string {
  const group = resource.apiVersion.split('/').slice(0, -1).join('/');
  return `${group}/${resource.kind}/${resource.metadata.namespace}/${resource.metadata.name}`;
}

/** The line of a part of a resource, by JSON pointer; the nearest known one above it where it has none of its own. */
export function lineOf({ lines, origin }: Pick<Resource, 'lines' | 'origin'>, pointer: string): number {
  for (let known = pointer; known !== ''; known = known.slice(0, known.lastIndexOf('/'))) {
    const line = lines[known];
    if (line !== undefined) return line;
  }
  return origin.line;
}

/** The origin of one part of a resource (a route, a subset), for compiled rules: the same names, its own line. */
export function originOf(resource: Resource, pointer: string): RuleOrigin {
  return { ...resource.origin, line: lineOf(resource, pointer) };
}
