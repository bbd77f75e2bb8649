import type { Static } from 'typebox';
import { oneOf, policyTargets, texts } from '../schema/fields.ts';
import { array, object, optional, string } from '../schema/json-schema.ts';

const source = () =>
  object({
    principals: optional(texts()),
    notPrincipals: optional(texts()),
    requestPrincipals: optional(texts()),
    notRequestPrincipals: optional(texts()),
    namespaces: optional(texts()),
    notNamespaces: optional(texts()),
    serviceAccounts: optional(texts()),
    notServiceAccounts: optional(texts()),
    trustDomains: optional(texts()),
    notTrustDomains: optional(texts()),
    ipBlocks: optional(texts()),
    notIpBlocks: optional(texts()),
    remoteIpBlocks: optional(texts()),
    notRemoteIpBlocks: optional(texts()),
  });

const operation = () =>
  object({
    hosts: optional(texts()),
    notHosts: optional(texts()),
    ports: optional(texts()),
    notPorts: optional(texts()),
    methods: optional(texts()),
    notMethods: optional(texts()),
    paths: optional(texts()),
    notPaths: optional(texts()),
  });

const rule = () =>
  object({
    from: optional(array(object({ source: optional(source()) }), { maxItems: 512 })),
    to: optional(array(object({ operation: optional(operation()) }))),
    when: optional(array(object({ key: string(), values: optional(texts()), notValues: optional(texts()) }))),
  });

/** Who may do what. */
export const authorizationPolicySchema = object({
  ...policyTargets(),
  action: optional(oneOf(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'])),
  provider: optional(object({ name: optional(string()) })),
  rules: optional(array(rule(), { maxItems: 512 })),
});

export type AuthorizationPolicySpec = Static<typeof authorizationPolicySchema>;
