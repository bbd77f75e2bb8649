/** The environment variables of the original Bookinfo that say where a service is: `REVIEWS_HOSTNAME`, `REVIEWS_SERVICE_PORT`, `SERVICES_DOMAIN`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `http://reviews:9080`, unless the environment says otherwise. */
export function backendAddress(service: 'details' | 'ratings' | 'reviews', environment: Environment): string {
  const prefix = service.toUpperCase();
  const hostname = environment[`${prefix}_HOSTNAME`] ?? service;
  const domain = environment['SERVICES_DOMAIN'] ? `.${environment['SERVICES_DOMAIN']}` : '';
  const port = environment[`${prefix}_SERVICE_PORT`] ?? '9080';
  return `http://${hostname}${domain}:${port}`;
}
