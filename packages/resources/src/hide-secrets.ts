import { resourcesOfKind } from './kinds/index.ts';
import type { Resource } from './resource.ts';

/** A resource as it may be shown: of a Secret the keys, and never what is behind them. */
export function hideSecrets(resource: Resource): Resource {
  const [secret] = resourcesOfKind({ resources: [resource] }, 'Secret');
  if (!secret) return resource;
  const hidden = (values: Readonly<Record<string, string>> | undefined): Record<string, string> | undefined =>
    values && Object.fromEntries(Object.keys(values).map((key) => [key, '(hidden)']));
  const { data, stringData, ...rest } = secret.spec;
  return {
    ...secret,
    spec: { ...rest, ...(data ? { data: hidden(data) } : {}), ...(stringData ? { stringData: hidden(stringData) } : {}) },
  };
}
