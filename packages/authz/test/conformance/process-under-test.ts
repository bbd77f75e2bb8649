import { normalizePath, type PathNormalization } from '@lateen/core';
import { fakeClock, type FakeClock } from '@lateen/core/testing';
import {
  ACCESS_DENIED,
  type Authorizer,
  bodyWanted,
  checkRequest,
  compileAuthorization,
  compileRequestAuthentication,
  type ExtensionProviderSettings,
  JwksStore,
  type PeerAuthenticationResult,
  type PolicyWorkload,
  refusalReply,
  remoteAddress,
  type RequestAuthenticator,
  type RequestFacts,
  resolvePeerAuthentication,
} from '@lateen/authz';
import { EMPTY_REVISION, type Resource } from '@lateen/resources';
import { authorizationService, type ServiceCall } from './authorization-service.ts';
import { type Backends, type CaseRequest, type SecurityCase, SERVICES } from './corpus.ts';
import { principalOf, type ReadRequest, readRequest } from './read-request.ts';

/** What came of a request. */
export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers: readonly string[];
  readonly details: string;
  readonly flag: string;
  readonly allowedBy?: string | undefined;
  readonly dryRun?: RequestDryRun;
  /** What the application gets. */
  readonly upstream?: { readonly path: string; readonly headers: readonly string[] };
  readonly calls: readonly ServiceCall[];
}

type RequestDryRun = ReturnType<Authorizer['decide']>['dryRun'];

const TCP_PORT = 9092;
const NO_ANSWER = { status: 0, headers: [], flag: '', calls: [], details: '' } as const;

interface MeshConfig {
  readonly rootNamespace?: string;
  readonly trustDomain?: string;
  readonly trustDomainAliases?: readonly string[];
  readonly pathNormalization?: { readonly normalization?: PathNormalization };
  readonly defaultConfig?: { readonly gatewayTopology?: { readonly numTrustedProxies?: number } };
  readonly extensionProviders?: readonly ExtensionProviderSettings[];
}

/** A server or gateway reduced to its decisions: what a process does with a request between parsing it and handing it on. */
export class ProcessUnderTest {
  readonly #isGateway: boolean;
  readonly #mesh: MeshConfig;
  readonly #workload: PolicyWorkload;
  readonly #authorizer: Authorizer;
  readonly #authenticator: RequestAuthenticator;
  readonly #peers: PeerAuthenticationResult;
  readonly #keys: JwksStore;
  readonly clock: FakeClock = fakeClock();
  #backends: Backends;

  constructor(test: SecurityCase, resources: readonly Resource[]) {
    this.#isGateway = test.proxy === 'gateway';
    this.#mesh = (test.meshConfig ?? {}) as MeshConfig;
    this.#backends = test.setup ?? {};
    const { trustDomain = 'cluster.local', trustDomainAliases = [], rootNamespace = 'istio-system' } = this.#mesh;
    const { namespace, labels } = this.#isGateway ? SERVICES.gateway : SERVICES.workload;
    this.#workload = { namespace, labels, trustDomain, trustDomainAliases, rootNamespace };
    const revision = { ...EMPTY_REVISION, resources };
    this.#authorizer = compileAuthorization(revision, this.#workload, {
      extensionProviders: this.#mesh.extensionProviders ?? [],
      knowsService: (host) => SERVICES.services.some((service) => service.host === host),
    });
    const interval = test.istiodEnv?.['PILOT_JWT_PUB_KEY_REFRESH_INTERVAL'];
    this.#keys = new JwksStore({
      fetch: async () => this.#answerKeys(),
      clock: this.clock,
      ...(interval && { refreshIntervalMs: Number.parseInt(interval, 10) * 1_000 }),
    });
    this.#authenticator = compileRequestAuthentication(revision, this.#workload, {
      clock: this.clock,
      keys: this.#keys,
      tellsFetchFailure: test.istiodEnv?.['PILOT_JWT_ENABLE_REMOTE_JWKS'] === 'envoy',
    });
    this.#peers = resolvePeerAuthentication(revision, this.#workload);
  }

  stop(): void {
    this.#keys.stop();
  }

  setBackends(backends: Backends): void {
    this.#backends = { ...this.#backends, ...backends };
  }

  async ask(request: CaseRequest): Promise<Answer | 'no decision'> {
    const read = readRequest(request, this.#isGateway);
    const mode = this.#mesh.pathNormalization?.normalization ?? 'BASE';
    const path = read && normalizePath(read.path, mode);
    if (!read || path === undefined) return 'no decision';
    const connection = this.#connect(request, read);
    if (!connection) return NO_ANSWER;
    if (read.port === TCP_PORT && !this.#isGateway) {
      const decision = this.#authorizer.decideConnection(connection);
      if (!decision.allowed) return { ...NO_ANSWER, details: decision.details };
      return { ...NO_ANSWER, status: 200, upstream: { path: read.path, headers: read.headers } };
    }
    return this.#decide({ ...read, path }, connection);
  }

  /** The peer gate: what gets as far as a request. */
  #connect(request: CaseRequest, { port, from, headers }: ReadRequest): RequestFacts | undefined {
    const mode = this.#isGateway ? 'DISABLE' : this.#peers.modeOf(port);
    const principal = request.tls?.certificate === undefined ? undefined : principalOf(request.tls.certificate);
    const { trustDomain, trustDomainAliases } = this.#workload;
    if (
      request.tls &&
      (mode === 'DISABLE' || !principal || ![trustDomain, ...trustDomainAliases].includes(principal.trustDomain))
    )
      return undefined;
    if (!request.tls && mode === 'STRICT') return undefined;
    const numTrustedProxies = this.#mesh.defaultConfig?.gatewayTopology?.numTrustedProxies ?? 0;
    const remoteIp = remoteAddress(headers, from, { isGateway: this.#isGateway, numTrustedProxies });
    const sni = request.tls?.sni ?? '';
    return { principal, sourceIp: from, remoteIp, destinationIp: '127.0.0.1', port, sni, ...NO_REQUEST };
  }

  async #decide(request: ReadRequest, connection: RequestFacts): Promise<Answer> {
    const service = authorizationService(() => this.#backends['authz-1'] ?? {});
    const facts = { ...connection, ...request, scheme: 'http', claims: undefined };
    const verdict = this.#authorizer.custom(facts);
    let headers = request.headers;
    if (verdict?.kind === 'refused') return this.#denied(verdict.decision.details, request, []);
    if (verdict?.kind === 'ask') {
      const limit = bodyWanted(verdict.provider) ?? 0;
      const bytes = Buffer.from(request.body);
      const body = { bytes: bytes.subarray(0, limit), complete: bytes.length <= limit };
      const check = await checkRequest(verdict.provider, { ...request, headers, body }, service.send);
      if (!check.allowed) return { ...check, body: Buffer.from(check.body).toString(), calls: service.calls };
      headers = check.headers;
    }
    const outcome = await this.#authenticator.authenticate({ ...request, headers, scheme: 'http' });
    if (outcome.refusal) {
      const { details } = outcome.refusal;
      return { ...refusalReply(outcome.refusal, request.headers), details, flag: '-', calls: service.calls };
    }
    const upstream = { path: outcome.path, headers: outcome.headers };
    const decision = this.#authorizer.decide({ ...facts, ...upstream, claims: outcome.claims });
    const { calls } = service;
    if (!decision.allowed) return { ...this.#denied(decision.details, request, calls), dryRun: decision.dryRun };
    return {
      ...{ status: 200, headers: [], details: 'via_upstream', flag: '-', upstream, calls },
      allowedBy: decision.policyId ?? decision.auditedBy,
      dryRun: decision.dryRun,
    };
  }

  #denied(details: string, { headers }: ReadRequest, calls: readonly ServiceCall[]): Answer {
    return { ...refusalReply({ status: 403, body: ACCESS_DENIED }, headers), details, flag: '-', calls };
  }

  #answerKeys(): { status: number; body: string } {
    const backend = this.#backends['jwks-1'] ?? this.#backends['keys-1'] ?? { refuse: true };
    if (backend.refuse) throw new Error('connection refused');
    return { status: backend.status ?? 200, body: backend.body ?? '' };
  }
}

const NO_REQUEST = { method: '', path: '', host: '', scheme: '', headers: [], claims: undefined } as const;
