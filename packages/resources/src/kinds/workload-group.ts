import type { Static } from 'typebox';
import { labels, limit, oneOfTexts, port, strings } from '../schema/fields.ts';
import { array, object, optional, string } from '../schema/json-schema.ts';
import { workloadFields } from './service-entry.ts';

const probe = () =>
  object(
    {
      initialDelaySeconds: optional(limit()),
      timeoutSeconds: optional(limit()),
      periodSeconds: optional(limit()),
      successThreshold: optional(limit()),
      failureThreshold: optional(limit()),
      httpGet: optional(
        object({
          port: port(),
          path: optional(string()),
          host: optional(string()),
          scheme: optional(oneOfTexts(['', 'HTTP', 'HTTPS'])),
          httpHeaders: optional(array(object({ name: optional(string({ format: 'probe-header' })), value: optional(string()) }))),
        }),
      ),
      tcpSocket: optional(object({ port: port(), host: optional(string()) })),
      exec: optional(object({ command: array(string({ minLength: 1 }), { minItems: 1 }) })),
      grpc: optional(object({ port: optional(port()), service: optional(string()) })),
    },
    { exclusive: [['httpGet', 'tcpSocket', 'exec', 'grpc']] },
  );

/** What the workloads that join under one name have in common. */
export const workloadGroupSchema = object({
  metadata: optional(object({ labels: optional(labels()), annotations: optional(strings()) })),
  template: object({ address: optional(string()), ...workloadFields() }),
  probe: optional(probe()),
});

export type WorkloadGroupSpec = Static<typeof workloadGroupSchema>;
