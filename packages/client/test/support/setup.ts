import type { Endpoint } from '@lateen/core';
import { type Backend, openBackend } from './backend.ts';
import { endpointAt, service } from './fake-registry.ts';
import { harness, type Harness, type HarnessOptions } from './harness.ts';

export interface Setup extends Harness {
  readonly backends: readonly Backend[];
}

const opened: { close(): Promise<void> }[] = [];

/** Call in `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const thing of opened.splice(0).toReversed()) await thing.close();
}

export function closeLater(thing: { close(): Promise<void> }): void {
  opened.push(thing);
}

/** A client whose `reviews:9080` are `count` real servers, versions v1, v2, … */
export async function reviews(count: number, options: HarnessOptions = {}): Promise<Setup> {
  const backends = await Promise.all(Array.from({ length: count }, () => openBackend()));
  const made = harness(options, (registry) => {
    registry.services.set([service('reviews'), service('ratings')]);
    registry.setEndpoints(
      'reviews',
      backends.map(({ port }, index) => versioned(port, `v${index + 1}`)),
    );
  });
  for (const backend of backends) closeLater(backend);
  closeLater(made.client);
  return { ...made, backends };
}

export function versioned(port: number, version: string, changes: Partial<Endpoint> = {}): Endpoint {
  return endpointAt(port, { labels: { app: 'reviews', version }, ...changes });
}

/** A VirtualService for reviews with these lines under its only http rule. */
export function rule(lines: string, route = 'route: [{ destination: { host: reviews } }]'): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  http:
    - ${route}
${lines
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
`;
}

export function policy(lines: string): string {
  return `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: reviews }
spec:
  host: reviews
  trafficPolicy:
${lines
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
`;
}

export const URL_OF = (path = '/'): string => `http://reviews:9080${path}`;

export interface Got {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

export async function get(setup: Pick<Setup, 'client'>, path = '/', options: object = {}): Promise<Got> {
  const answer = await setup.client.request(URL_OF(path), options);
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
}
