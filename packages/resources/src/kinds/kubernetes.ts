import type { Static, TObject, TSchema } from 'typebox';
import { array, integer, object, optional, record, schemaOf, string } from '../schema/json-schema.ts';

/*
 * Kubernetes' own kinds as far as they name hosts, ports, labels and service accounts. Whether the rest of them makes sense is
 * Kubernetes' business: further fields are taken unseen.
 */

const loose = <Fields extends Record<string, TSchema>>(fields: Fields): TObject<Fields> =>
  Object.assign(object(fields), { additionalProperties: true });

const portNumber = () => integer(1, 65_535);
const texts = () => record(string());
const portReference = () => schemaOf<number | string>({ anyOf: [portNumber(), { type: 'string', minLength: 1 }] });

/** A host of the mesh, `name.namespace.svc.cluster.local`, and its ports. */
export const serviceSchema = loose({
  type: optional(string()),
  /** With type ExternalName: the name that DNS answers for. */
  externalName: optional(string()),
  clusterIP: optional(string()),
  selector: optional(texts()),
  ports: optional(
    array(
      loose({
        port: portNumber(),
        name: optional(string()),
        protocol: optional(string()),
        appProtocol: optional(string()),
        /** The port that instances listen on, or its name; the same as `port` where absent. */
        targetPort: optional(portReference()),
      }),
    ),
  ),
});
export type ServiceSpec = Static<typeof serviceSchema>;

/** What runs: its service account and the ports of its containers. */
export const podSchema = loose({
  serviceAccountName: optional(string()),
  /** Kubernetes' older name of `serviceAccountName`. */
  serviceAccount: optional(string()),
  containers: optional(
    array(
      loose({
        name: optional(string()),
        image: optional(string()),
        ports: optional(array(loose({ containerPort: portNumber(), name: optional(string()), protocol: optional(string()) }))),
      }),
    ),
  ),
});
export type PodSpec = Static<typeof podSchema>;

/** Deployment, StatefulSet, DaemonSet and ReplicaSet: pods by template. */
export const workloadSchema = loose({
  replicas: optional(integer(0, 2_147_483_647)),
  selector: optional(loose({ matchLabels: optional(texts()) })),
  template: optional(
    loose({
      metadata: optional(loose({ labels: optional(texts()), annotations: optional(texts()) })),
      spec: optional(podSchema),
    }),
  ),
});
export type WorkloadSpec = Static<typeof workloadSchema>;

/** Of a Secret what it is named and which keys it has. The values are never told: not in a finding, a log or a view. */
export const secretSchema = loose({ type: optional(string()), data: optional(texts()), stringData: optional(texts()) });
export type SecretSpec = Static<typeof secretSchema>;

export const configMapSchema = loose({ data: optional(texts()), binaryData: optional(texts()) });
export type ConfigMapSpec = Static<typeof configMapSchema>;

/** Addresses behind a Service that no selector finds. */
export const endpointsSchema = loose({
  subsets: optional(
    array(
      loose({
        addresses: optional(array(loose({ ip: string({ format: 'address' }) }))),
        ports: optional(array(loose({ port: portNumber(), name: optional(string()) }))),
      }),
    ),
  ),
});
export type EndpointsSpec = Static<typeof endpointsSchema>;

/** The same in its newer form; its Service stands in the label `kubernetes.io/service-name`. */
export const endpointSliceSchema = loose({
  addressType: optional(string()),
  endpoints: optional(array(loose({ addresses: optional(array(string({ format: 'address' }))), zone: optional(string()) }))),
  ports: optional(array(loose({ port: optional(portNumber()), name: optional(string()) }))),
});
export type EndpointSliceSpec = Static<typeof endpointSliceSchema>;

/** Kinds of which the name and the labels say all that the mesh asks. */
export const namedSchema = loose({});
export type NamedSpec = Static<typeof namedSchema>;
