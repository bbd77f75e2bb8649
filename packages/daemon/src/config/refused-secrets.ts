import { type Finding, makeFinding, type Resource, resourceName } from '@lateen/resources';

/**
 * Secrets are not taken: the configuration goes to every process of the mesh, and every revision of it stays in the history. Whoever ends TLS reads its
 * certificates from files of its own.
 */
export function refusedSecrets(resources: readonly Resource[]): Finding[] {
  return resources.filter(({ kind }) => kind === 'Secret').map(refusedSecret);
}

function refusedSecret(secret: Resource): Finding {
  const { file, line } = secret.origin;
  return makeFinding(
    'LTN0002',
    { origin: resourceName(secret), file, line, column: 1 },
    'a Secret would go to every process of the mesh',
    'name the certificate as files in the Gateway, or give the gateway a config folder of its own',
  );
}
