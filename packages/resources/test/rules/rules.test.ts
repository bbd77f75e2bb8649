import assert from 'node:assert/strict';
import { parseResources } from '../../src/parse-resources.ts';

const GROUPS: Readonly<Record<string, string>> = {
  Telemetry: 'telemetry.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  ProxyConfig: 'networking.istio.io/v1beta1',
};

/** `IST0133 warning text`, of a resource in the namespace shop, without what a process has no use for. */
function told(kind: string, spec: string, name = 'a'): string[] {
  const text = `apiVersion: ${GROUPS[kind] ?? 'networking.istio.io/v1'}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
  const { findings } = parseResources(text, { file: 'a.yaml', defaultNamespace: 'default', refusals: 'Info' });
  for (const { reference } of findings) assert.match(reference, /^a\.yaml:\d$/);
  return findings.filter(({ level }) => level !== 'Info').map(({ code, message }) => `${code} ${message}`);
}

const http = (rule: string): string => `{hosts: [shop], http: [{route: [{destination: {host: shop}}], ${rule}}]}`;
const policy = (fields: string): string => `{host: shop, trafficPolicy: {${fields}}}`;
const server = (fields: string): string => `{servers: [{hosts: ["*"], ${fields}}]}`;
const HTTPS = 'port: {number: 443, name: https, protocol: HTTPS}';
const rule = (fields: string): string => `{action: ALLOW, rules: [{${fields}}]}`;
const from = (source: string): string => rule(`from: [{source: {${source}}}]`);
const to = (operation: string): string => rule(`to: [{operation: {${operation}}}]`);
const when = (key: string, values: string): string => rule(`when: [{key: "${key}", ${values}}]`);
const jwt = (fields: string): string => `{jwtRules: [{issuer: a, ${fields}}]}`;

type Row = readonly [kind: string, spec: string, said?: RegExp];

const ROWS: readonly Row[] = [
  ['VirtualService', http('fault: {delay: {exponentialDelay: 1s}}'), /IST0106 .*not in Istio either/],
  ['VirtualService', http('fault: {abort: {http2Error: REFUSED}}'), /IST0106 .*not in Istio either/],
  ['VirtualService', http('fault: {abort: {httpStatus: 500, grpcStatus: OK}}'), /IST0106 only one of httpStatus, grpcStatus/],
  ['VirtualService', http('fault: {abort: {httpStatus: 500, percentage: {value: 0.00001}}}'), /IST0106 percentage 0.00001/],
  ['VirtualService', http('corsPolicy: {allowOrigin: [a], allowOrigins: [{prefix: "https://"}]}')],
  ['VirtualService', http('corsPolicy: {maxAge: 1500ms}'), /IST0106 .*seconds precision/],
  ['VirtualService', http('corsPolicy: {allowOrigins: [{}]}'), /IST0106 item must have exactly one of exact/],
  ['VirtualService', http('mirror: {host: b}, mirror_percent: 5'), /IST0133 using deprecated setting "mirror_percent"/],
  ['VirtualService', http('match: [{statPrefix: a, sourceNamespace: a_b}]'), /IST0106 sourceNamespace: "a_b"/],
  ['VirtualService', http('match: [{method: {prefix: ""}}]'), /IST0106 prefix must not be empty/],
  ['VirtualService', http('match: [{uri: {prefix: ""}}]')],
  ['VirtualService', http('match: [{gateways: [edge.infra.svc.cluster.local]}]'), /LTN0024 using legacy gatewayName/],
  [
    'VirtualService',
    '{hosts: [a.b], gateways: [edge.infra], http: [{route: [{destination: {host: a}}]}]}',
    /IST0133 using legacy gatewayName/,
  ],
  [
    'DestinationRule',
    '{host: a, subsets: [{name: v1, trafficPolicy: {outlierDetection: {consecutiveErrors: 5}}}]}',
    /LTN0024 outlier/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {distribute: [{from: a/*, to: {a/b/c: 50, a/b: 50}}]}}'),
    /IST0106 locality a\/b overlap/,
  ],
  ['AuthorizationPolicy', '{action: DENY, rules: []}', /IST0106 DENY action without/],
  ['AuthorizationPolicy', rule('from: []'), /LTN0012 an empty from means any/],
  ['ServiceEntry', '{hosts: [a.b], ports: [{number: 80, name: a, protocol: ""}], resolution: DNS}'],
  ['VirtualService', http('match: [{headers: {"@request.auth.claims.a": {exact: b}}}]'), /IST0106 JWT claim based routing/],
  [
    'VirtualService',
    http('headers: {request: {add: {host: a}}, response: {add: {host: a}}}'),
    /IST0106 "host" is not the name of a header/,
  ],
  ['VirtualService', http('rewrite: {uriRegexRewrite: {match: a}}'), /IST0106 field rewrite is missing/],
  ['VirtualService', '{hosts: [a.b], http: [{redirect: {redirectCode: 302}}]}', /IST0106 redirect must specify URI/],
  [
    'VirtualService',
    '{hosts: [a.b], http: [{match: [{uri: {exact: /a}}], redirect: {prefixRewrite: /b}}]}',
    /IST0106 .*requires all URI matches to use prefix/,
  ],
  [
    'VirtualService',
    `{hosts: [a.b], http: [{directResponse: {status: 200, body: {string: ${'x'.repeat(110_000)}}}}]}`,
    /IST0133 bodies over 100kB/,
  ],
  ['VirtualService', '{http: [{delegate: {name: b}}]}', /IST0106 delegate HTTP route cannot contain delegate/],
  [
    'VirtualService',
    '{hosts: [a.b], tls: [{match: [{sniHosts: [10.0.0.1]}], route: [{destination: {host: b}}]}]}',
    /IST0133 using an IP address/,
  ],
  ['VirtualService', '{hosts: [a.b], tcp: [{route: []}]}', /IST0106 route must have at least one item/],
  [
    'VirtualService',
    '{hosts: [a], exportTo: [., shop], http: [{route: [{destination: {host: a}}]}]}',
    /IST0106 namespace shop is named twice/,
  ],
  ['DestinationRule', policy('connectionPool: {tcp: {maxConnectionDuration: 0s}}'), /IST0106 maxConnectionDuration/],
  ['DestinationRule', policy('connectionPool: {tcp: {idleTimeout: 0s}}')],
  [
    'DestinationRule',
    policy('connectionPool: {http: {h2UpgradePolicy: UPGRADE, useClientProtocol: true}}'),
    /IST0106 useClientProtocol must not/,
  ],
  [
    'DestinationRule',
    policy('connectionPool: {http: {http2KeepAlive: {interval: 1s}}}'),
    /IST0106 http2 keepalive timeout is required/,
  ],
  ['DestinationRule', policy('retryBudget: {percent: 20, minRetryConcurrency: -1}'), /IST0106 minRetryConcurrency -1/],
  [
    'DestinationRule',
    policy('outlierDetection: {consecutiveErrors: 5}'),
    /IST0133 outlier detection consecutive errors is deprecated/,
  ],
  ['DestinationRule', policy('outlierDetection: {outlierDetectionHttpErrorCodes: [700]}'), /IST0106 item 700/],
  [
    'DestinationRule',
    policy('loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}'),
    /IST0106 only one of simple, consistentHash/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {consistentHash: {httpCookie: {name: a, attributes: [{name: b}, {name: b}]}}}'),
    /IST0106 duplicate cookie/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 5000011}}}'),
    /IST0106 .*less than 5000011/,
  ],
  ['DestinationRule', policy('loadBalancer: {consistentHash: {useSourceIp: true, maglev: {tableSize: 65537}}}')],
  [
    'DestinationRule',
    policy('loadBalancer: {warmup: {duration: 1s, aggression: 0}}'),
    /IST0106 aggression should be greater than 0/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {distribute: [{from: a, to: {a: 50, b: 40}}]}}'),
    /IST0106 total locality weight 90/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {distribute: [{from: a/*, to: {a: 50, a/b: 50}}]}}'),
    /IST0106 locality a\/b overlap/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {distribute: [{from: a//b, to: {a: 100}}]}}'),
    /IST0106 .*must not contain empty/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {failover: [{from: a/b, to: c}]}}, outlierDetection: {}'),
    /IST0106 .*only specify region/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {localityLbSetting: {}, zoneAwareLbSetting: {minClusterSize: 6}}'),
    /IST0106 only one of localityLbSetting/,
  ],
  [
    'DestinationRule',
    policy('loadBalancer: {zoneAwareLbSetting: {failoverPriority: [topology.kubernetes.io/zone]}}, outlierDetection: {}'),
    /IST0106 .*must not use topology label/,
  ],
  [
    'DestinationRule',
    policy('portLevelSettings: [{port: {number: 80}}]'),
    /IST0106 port traffic policy must have at least one field/,
  ],
  ['DestinationRule', policy('tunnel: {targetHost: a.b, targetPort: 0}'), /IST0106 tunnel target port/],
  [
    'DestinationRule',
    policy('tunnel: {targetHost: a.b, targetPort: 1}, proxyProtocol: {version: V1}'),
    /IST0106 .*must not be set together/,
  ],
  ['DestinationRule', policy('tls: {mode: MUTUAL, clientCertificate: a}'), /IST0106 private key required/],
  [
    'DestinationRule',
    policy('tls: {mode: ISTIO_MUTUAL, caCertificates: a}'),
    /LTN0012 with mode ISTIO_MUTUAL nobody looks at caCertificates/,
  ],
  [
    'DestinationRule',
    '{host: a, workloadSelector: {matchLabels: {app: a}}, exportTo: ["*"]}',
    /IST0106 .*beyond current namespace/,
  ],
  ['DestinationRule', '{host: a, workloadSelector: {}}', /IST0133 workload selector specified without labels/],
  [
    'ServiceEntry',
    '{hosts: [a.b], ports: [{number: 80, name: a}, {number: 81, name: a}], resolution: DNS}',
    /IST0106 .*name "a" already defined/,
  ],
  [
    'ServiceEntry',
    '{hosts: [a.b, c.d], ports: [{number: 80, name: a, protocol: TCP}], resolution: DNS}',
    /IST0106 multiple hosts provided/,
  ],
  [
    'ServiceEntry',
    '{hosts: [a.b, c.d], addresses: [10.0.0.1], ports: [{number: 80, name: a, protocol: tls}], resolution: DNS}',
    /IST0133 .*more than one host/,
  ],
  [
    'ServiceEntry',
    '{hosts: [a.b], ports: [{number: 80, name: a}], resolution: DNS_ROUND_ROBIN, endpoints: [{address: a.b}, {address: c.d}]}',
    /IST0106 .*0 or 1 endpoint/,
  ],
  [
    'ServiceEntry',
    '{hosts: ["*.b"], ports: [{number: 80, name: a, protocol: HTTP}], resolution: DYNAMIC_DNS, addresses: [10.0.0.1]}',
    /IST0106 addresses cannot/,
  ],
  [
    'ServiceEntry',
    '{hosts: [a.b], workloadSelector: {labels: {a: b}}, ports: [{number: 80, name: a, protocol: HTTP}]}',
    /IST0133 workloadSelector should not/,
  ],
  ['ServiceEntry', '{hosts: [a.b], ports: [{number: 80, name: a, protocol: http}], resolution: DNS, subjectAltNames: [a]}'],
  ['WorkloadEntry', '{network: a}', /IST0133 address is unset with network/],
  ['WorkloadEntry', '{address: 10.0.0.1, labels: {app: "a b"}}', /IST0106 app: "a b"/],
  ['WorkloadGroup', '{metadata: {labels: {a: b}, annotations: {a: b}}, template: {ports: {http: 80}, weight: 1}}'],
  ['WorkloadGroup', '{template: {}, probe: {periodSeconds: 1}}', /IST0106 unknown health check method/],
  ['WorkloadGroup', '{template: {}, probe: {httpGet: {port: 80, scheme: FTP}}}', /IST0106 scheme must be one of HTTP, HTTPS/],
  [
    'WorkloadGroup',
    '{template: {}, probe: {httpGet: {port: 80}, tcpSocket: {port: 1}}}',
    /IST0106 only one of httpGet, tcpSocket/,
  ],
  ['WorkloadGroup', '{probe: {exec: {command: [a]}}}', /IST0106 field template is missing/],
  [
    'Gateway',
    server(`${HTTPS}, tls: {mode: SIMPLE, serverCertificate: a, privateKey: b, caCrl: c}`),
    /IST0106 CRL is not supported with SIMPLE/,
  ],
  [
    'Gateway',
    server(`${HTTPS}, tls: {mode: ISTIO_MUTUAL, tlsCertificates: [{serverCertificate: a}]}`),
    /IST0106 ISTIO_MUTUAL TLS uses/,
  ],
  ['Gateway', server(`${HTTPS}, tls: {mode: MUTUAL, credentialName: a, caCertCredentialName: b, maxProtocolVersion: TLSV1_3}`)],
  [
    'Gateway',
    server(`${HTTPS}, tls: {mode: SIMPLE, tlsCertificates: [{serverCertificate: a}], verifyCertificateSpki: [a]}`),
    /IST0106 .*private key/,
  ],
  [
    'Gateway',
    server(`${HTTPS}, tls: {mode: SIMPLE, credentialName: a, cipherSuites: [NOPE], verifyCertificateHash: [a]}`),
    /IST0133 cipher suite NOPE/,
  ],
  ['Gateway', server('port: {number: 80, name: a, protocol: HTTP}, tls: {httpsRedirect: true, insecureSkipVerify: true}')],
  [
    'Gateway',
    server(`${HTTPS}, tls: {mode: SIMPLE, credentialName: a, httpsRedirect: true}`),
    /IST0133 tls.httpsRedirect should only/,
  ],
  ['Gateway', server('bind: 10.0.0.300, port: {number: 80, name: a, protocol: HTTP}'), /IST0106 10.0.0.300 is not a valid IP/],
  ['Gateway', server('port: {name: a, protocol: HTTP}'), /IST0106 field number is missing/],
  [
    'Gateway',
    '{servers: [{hosts: [a.b], port: {number: 80, name: a, protocol: HTTP}}, {hosts: [a.b], port: {number: 81, name: a, protocol: HTTP}}]}',
    /IST0106 port names in servers must be unique/,
  ],
  ['Sidecar', '{egress: [{hosts: [./*], port: {number: 80, protocol: NOPE, name: a}}]}', /IST0106 unsupported protocol: NOPE/],
  [
    'Sidecar',
    '{egress: [{hosts: [./*], port: {number: 80, protocol: HTTP, targetPort: 1}}]}',
    /IST0106 targetPort has no impact/,
  ],
  [
    'Sidecar',
    '{egress: [{hosts: [./*], bind: "unix:///a", captureMode: IPTABLES, port: {protocol: HTTP}}]}',
    /IST0106 .*DEFAULT\/NONE/,
  ],
  [
    'Sidecar',
    '{ingress: [{port: {number: 80, protocol: TCP}, connectionPool: {http: {maxRetries: 1}}}]}',
    /IST0133 .*only TCP settings/,
  ],
  ['Sidecar', '{ingress: [{port: {number: 80, protocol: HTTP}, defaultEndpoint: "127.0.0.1:99999"}]}', /IST0106 .*is not a port/],
  [
    'Sidecar',
    '{ingress: [{port: {number: 80, protocol: HTTP}, tls: {mode: SIMPLE, credentialName: a}}]}',
    /IST0106 sidecar: credentialName/,
  ],
  ['Sidecar', '{inboundConnectionPool: {tcp: {maxConnections: 1, maxConnectionDuration: 1s}, http: {idleTimeout: 1s}}}'],
  ['Sidecar', '{outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b}}}', /IST0106 .*port must be non-nil/],
  ['ProxyConfig', '{selector: {matchLabels: {app: "*"}}}', /IST0106 app: "\*"/],
  ['ProxyConfig', '{concurrency: null, image: {imageType: a}, environmentVariables: {a: b}}'],
  [
    'Telemetry',
    '{metrics: [{overrides: [{tagOverrides: {a: {operation: REMOVE, value: b}}}]}]}',
    /IST0106 .*only be set when operation is UPSERT/,
  ],
  [
    'Telemetry',
    '{accessLogging: [{filter: {expression: response.code >= "400"}}]}',
    /LTN0022 >= cannot put int and string together/,
  ],
  ['Telemetry', '{accessLogging: [{filter: {expression: response.code >= 400}}]}'],
  ['Telemetry', '{selector: {}, tracing: [{useRequestIdForTraceSampling: null}]}', /IST0133 workload selector/],
  [
    'PeerAuthentication',
    '{selector: {matchLabels: {a: b}}, portLevelMtls: {http: {mode: STRICT}}}',
    /IST0106 "http" is not a port/,
  ],
  [
    'PeerAuthentication',
    '{selector: {matchLabels: {a: b}}, portLevelMtls: {}}',
    /IST0106 portLevelMtls must have at least one field/,
  ],
  ['RequestAuthentication', jwt('jwks_uri: "https://a/b", jwks: "{}"'), /IST0106 only one of jwks or jwksUri/],
  ['RequestAuthentication', jwt('fromParams: [""]'), /IST0106 item must not be empty/],
  ['RequestAuthentication', jwt('outputPayloadToHeader: x-a, forwardOriginalToken: true, spaceDelimitedClaims: [scope]')],
  ['RequestAuthentication', jwt(`jwks: '{"keys":[{"kty":"RSA","n":"a"}]}'`), /IST0106 jwks parse error: key 0 needs n, e/],
  ['RequestAuthentication', jwt(`jwks: '{"keys":[{"kty":"oct","k":"a"}]}'`), /IST0133 .*private key material/],
  ['RequestAuthentication', '{targetRef: {kind: Service, name: a, namespace: b}}', /IST0106 namespace must not be longer than 0/],
  [
    'AuthorizationPolicy',
    '{targetRef: {kind: Service, name: a}, targetRefs: [{kind: Service, name: b}]}',
    /IST0106 only one of targetRefs or selector/,
  ],
  ['AuthorizationPolicy', from('notPrincipals: [""]'), /IST0106 empty value not allowed, found in notPrincipals/],
  ['AuthorizationPolicy', from('requestPrincipals: ["a*b"], notNamespaces: [a]'), /LTN0016 the star in a\*b is a plain letter/],
  ['AuthorizationPolicy', from('notServiceAccounts: [a/b/c]'), /IST0106 expected format/],
  ['AuthorizationPolicy', from('notTrustDomains: [a/b]'), /IST0106 trust domain must not contain/],
  ['AuthorizationPolicy', from('notIpBlocks: [10.0.0.0/33]'), /IST0106 bad CIDR range/],
  ['AuthorizationPolicy', from('notRemoteIpBlocks: [a]'), /IST0106 bad IP address/],
  ['AuthorizationPolicy', from('serviceAccounts: [a], principals: [b]'), /IST0106 cannot set serviceAccounts/],
  ['AuthorizationPolicy', from(''), /IST0106 `from.source` must not be empty/],
  ['AuthorizationPolicy', to('notPorts: [http]'), /IST0106 bad port/],
  ['AuthorizationPolicy', to('notMethods: [""], notHosts: [a]'), /IST0106 empty value not allowed, found in notMethods/],
  ['AuthorizationPolicy', to('notPaths: ["/a/{**}/{*}"]'), /IST0106 .*not the last operator/],
  ['AuthorizationPolicy', when('source.ip', 'notValues: [a]'), /IST0106 bad IP address/],
  ['AuthorizationPolicy', when('request.headers[a]', 'values: []'), /IST0106 at least one of/],
  ['AuthorizationPolicy', when('request.heders[a]', 'values: [a]'), /IST0106 unknown attribute/],
  [
    'AuthorizationPolicy',
    '{action: CUSTOM, provider: {name: a}, rules: [{from: [{source: {notNamespaces: [a]}}]}]}',
    /IST0106 From.notNamespaces/,
  ],
  ['AuthorizationPolicy', '{action: CUSTOM, provider: {name: a}}', /IST0106 CUSTOM action without/],
];

describe('checkSpecRules', () => {
  for (const [kind, spec, said] of ROWS) {
    const short = spec.length > 110 ? `${spec.slice(0, 110)}…` : spec;
    it(said ? `says ${said} of ${kind} ${short}` : `says nothing of ${kind} ${short}`, () => {
      const lines = told(kind, spec);
      if (said) assert.match(lines.join('\n'), said);
      else assert.deepEqual(lines, []);
    });
  }

  it('wants no dots in the name of a Gateway', () => {
    const lines = told('Gateway', server('port: {number: 80, name: a, protocol: HTTP}'), 'a.b');
    assert.deepEqual(lines, ['IST0106 invalid gateway name: "a.b"']);
  });

  it('looks at the rest of a resource whose schema is hurt already', () => {
    const lines = told('VirtualService', http('mirror: {host: b}, mirrorPercent: 150, timeout: 0s, retries: {retryOn: 5xx}'));
    assert.equal(lines.length, 4, lines.join('\n'));
  });
});
