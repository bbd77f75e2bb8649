import type { CheckDeclaration } from '../analysis/check-declaration.ts';

/** What Envoy refuses although Istio's validation takes it. */
export const REFUSED_BY_ENVOY: CheckDeclaration = {
  code: 'LTN0010',
  level: 'Error',
  title: 'Envoy refuses it',
  what: 'Istio’s validation takes the value, and the proxies refuse the whole configuration that holds it.',
  why: 'In Istio nothing changes any more, at every workload that the resource is for, until it is taken back. Lateen refuses it beforehand.',
  mend: 'Write a value that Envoy takes; the finding says which.',
  example: 'fault:\n  abort: { httpStatus: 600, percentage: { value: 100 } }',
};

/** A condition that no request meets. */
export const IMPOSSIBLE_MATCH: CheckDeclaration = {
  code: 'LTN0011',
  level: 'Warning',
  title: 'Match that is never true',
  what: 'A path always begins with a slash, and methods are case-sensitive; so the condition is met by no request.',
  why: 'The rule looks as if it were in use. Its requests go to another one, or to none.',
  mend: 'Begin the path with a slash; write the method in capitals.',
  example: 'match:\n  - uri: { prefix: api }\n    method: { exact: get }',
};

/** A field that does nothing beside the others. */
export const FIELD_WITHOUT_EFFECT: CheckDeclaration = {
  code: 'LTN0012',
  level: 'Warning',
  title: 'Field without effect',
  what: 'What is written has no effect, because something it needs is missing or says otherwise.',
  why: 'Whoever wrote it counts on it: a mirror that mirrors nothing, a certificate nobody checks, a warm-up that never begins.',
  mend: 'Add what it needs, or take it out; the finding says which.',
  example: 'route:\n  - destination: { host: reviews }\nmirrorPercentage: { value: 10 }',
};

/** An older name that is still read. */
export const DEPRECATED_VALUE: CheckDeclaration = {
  code: 'LTN0013',
  level: 'Warning',
  title: 'Deprecated value',
  what: 'Istio still reads the value, and has had another name for it for years.',
  why: 'It may be gone with the next version.',
  mend: 'Write the new name.',
  example: 'loadBalancer: { simple: LEAST_CONN }',
};

/** Of two settings for one thing one is never read. */
export const SAID_TWICE: CheckDeclaration = {
  code: 'LTN0014',
  level: 'Error',
  title: 'Said twice',
  what: 'One thing is configured twice in one list. The first counts, and nobody says so.',
  why: 'A change of the second does nothing at all.',
  mend: 'Keep one of them.',
  example:
    'portLevelSettings:\n  - port: { number: 80 }\n    tls: { mode: SIMPLE }\n  - port: { number: 80 }\n    tls: { mode: DISABLE }',
};

/** Of two that allow, the stricter one stops nobody. */
export const POINTLESS_TWIN: CheckDeclaration = {
  code: 'LTN0015',
  level: 'Warning',
  title: 'Two rules for one issuer',
  what: 'Two rules trust the same issuer. A token has to satisfy one of them only.',
  why: 'The stricter one keeps nobody out.',
  mend: 'Make them one rule.',
  example: 'jwtRules:\n  - issuer: https://id.example.com\n  - issuer: https://id.example.com\n    audiences: [shop]',
};

/** A policy that never does what it says. */
export const POLICY_WITHOUT_EFFECT: CheckDeclaration = {
  code: 'LTN0016',
  level: 'Warning',
  title: 'Policy that never triggers',
  what: 'The policy, or one of its conditions, matches nothing: a star in the middle of a name is a plain star, a path begins with a slash, an action without rules has none to apply.',
  why: 'A DENY that never matches is a hole, an ALLOW that never matches keeps everybody out.',
  mend: 'Put the star at the start or the end, begin the path with a slash, write rules.',
  example: 'action: DENY\nrules:\n  - to:\n      - operation: { paths: [admin] }',
};

/** A host of which nothing can be reached. */
export const HOST_WITHOUT_TARGET: CheckDeclaration = {
  code: 'LTN0017',
  level: 'Warning',
  title: 'Host that leads nowhere',
  what: 'The ServiceEntry names a host and nothing to send to: no ports, or no endpoints.',
  why: 'Calls are answered with 503, or not routed at all.',
  mend: 'Write ports; write endpoints or a workloadSelector, or resolution: DNS.',
  example: 'hosts: [db.example.com]\nports: [{ number: 80, name: http, protocol: HTTP }]\nresolution: STATIC',
};

/** Certificates that nobody checks. */
export const UNVERIFIED_PEER: CheckDeclaration = {
  code: 'LTN0018',
  level: 'Warning',
  title: 'Peer that nobody verifies',
  what: 'insecureSkipVerify is on: any certificate will do.',
  why: 'Whoever stands in between can read and change everything.',
  mend: 'Write caCertificates, and take insecureSkipVerify out.',
  example: 'tls: { mode: SIMPLE, insecureSkipVerify: true }',
};

/** TLS that passes through where it was meant to end. */
export const PASSTHROUGH_BY_DEFAULT: CheckDeclaration = {
  code: 'LTN0019',
  level: 'Warning',
  title: 'TLS passed through by default',
  what: 'An HTTPS server has a tls block without a mode, and the absent mode is PASSTHROUGH.',
  why: 'The gateway does not end TLS then: it cannot route by path, and clients see the certificates of the workloads.',
  mend: 'Write mode: SIMPLE and a certificate, or mode: PASSTHROUGH if it is meant.',
  example: 'port: { number: 443, name: https, protocol: HTTPS }\ntls: {}',
};

/** An empty policy that is not the absent one. */
export const STRICT_BY_DEFAULT: CheckDeclaration = {
  code: 'LTN0020',
  level: 'Info',
  title: 'Empty policy is REGISTRY_ONLY',
  what: 'An outboundTrafficPolicy without a mode means REGISTRY_ONLY, which is stricter than leaving it out.',
  why: 'Calls to hosts that nobody registered are answered with 502.',
  mend: 'Write the mode.',
  example: 'outboundTrafficPolicy: {}',
  kiali: ['KIA1007'],
};

/** A tag without a value. */
export const TAG_WITHOUT_VALUE: CheckDeclaration = {
  code: 'LTN0021',
  level: 'Error',
  title: 'Tag without a value',
  what: 'A custom tag has none of literal, environment, header and formatter.',
  why: 'It is dropped in silence.',
  mend: 'Say where its value comes from.',
  example: 'customTags:\n  region: {}',
};

/** An expression that is no condition. */
export const MISTYPED_EXPRESSION: CheckDeclaration = {
  code: 'LTN0022',
  level: 'Error',
  title: 'Expression of a wrong type',
  what: 'The expression can be read, and makes no sense: it is no condition, or it asks what nobody knows.',
  why: 'Nothing is logged, or everything.',
  mend: 'Compare something with something: response.code >= 400.',
  example: 'filter: { expression: response.code }',
};

/** An expression that a process has no answer to. */
export const UNAVAILABLE_EXPRESSION: CheckDeclaration = {
  code: 'LTN0023',
  level: 'Error',
  title: 'Expression that cannot be asked',
  what: 'The expression asks for an attribute or a function that a process does not have: Envoy’s metadata, filter state of other extensions, timestamps.',
  why: 'A tag would always read unknown; a filter would keep nothing. Lateen refuses it beforehand.',
  mend: 'Ask the request, the response, the peers or the route: request.headers["x-user"], response.code, upstream_peer.version.',
  example: 'tagOverrides:\n  tenant: { value: metadata.filter_metadata.tenant }',
};

/** What Istio's validation warns of, and loses on the way up. */
export const LOST_WARNING: CheckDeclaration = {
  code: 'LTN0024',
  level: 'Warning',
  title: 'Warning that Istio loses',
  what: 'Istio’s validation has a warning for it, and tells it only where the same block stands at the top of the resource.',
  why: 'The block does no more here than there.',
  mend: 'The finding says what.',
  example:
    'subsets:\n  - name: v1\n    trafficPolicy:\n      loadBalancer:\n        localityLbSetting: { failover: [{ from: eu, to: us }] }',
};

/** The pages of the rules' own codes. */
export const RULE_CHECKS: readonly CheckDeclaration[] = [
  REFUSED_BY_ENVOY,
  IMPOSSIBLE_MATCH,
  FIELD_WITHOUT_EFFECT,
  DEPRECATED_VALUE,
  SAID_TWICE,
  POINTLESS_TWIN,
  POLICY_WITHOUT_EFFECT,
  HOST_WITHOUT_TARGET,
  UNVERIFIED_PEER,
  PASSTHROUGH_BY_DEFAULT,
  STRICT_BY_DEFAULT,
  TAG_WITHOUT_VALUE,
  MISTYPED_EXPRESSION,
  LOST_WARNING,
  UNAVAILABLE_EXPRESSION,
];
