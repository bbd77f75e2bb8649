import type { RulesOfHost } from './compile-cache.ts';
import type { CompileContext } from './compile-context.ts';
import { servesMesh } from './compile-context.ts';
import { compileRules, type CompiledRules, type RuleScope } from './route-compiler.ts';
import type { VisibleVirtualService } from './virtual-services.ts';

/**
 * The rules of a VirtualService for one virtual host, made once as long as neither changes.
 *
 * @param gateway whose rules: `mesh`, or one Gateway
 */
export function rulesFor(
  context: CompileContext,
  rule: VisibleVirtualService,
  host: string,
  port: number,
  gateway: string,
): CompiledRules {
  const ports = servesMesh(context.input) ? '' : impliedPorts(context, rule);
  const ofHost = known(context, rule, host);
  const entry = ofHost.find((each) => each.port === port && each.gateway === gateway && each.impliedPorts === ports);
  if (entry) return entry.compiled;
  const compiled = compileRules(rule.rules, ruleScope(context, rule, host, port, gateway));
  ofHost.push({ gateway, port, impliedPorts: ports, compiled });
  return compiled;
}

function known({ cache }: CompileContext, rule: VisibleVirtualService, host: string): RulesOfHost[] {
  let byHost = cache.rules.get(rule);
  if (!byHost) cache.rules.set(rule, (byHost = new Map<string, RulesOfHost[]>()));
  let ofHost = byHost.get(host);
  if (!ofHost) byHost.set(host, (ofHost = []));
  return ofHost;
}

function ruleScope(
  { input, services }: CompileContext,
  rule: VisibleVirtualService,
  host: string,
  port: number,
  gateway: string,
): RuleScope {
  const { self } = input;
  return {
    host,
    match: { gateways: new Set([gateway]), port, namespace: self.namespace, labels: self.labels },
    destination: { ruleNamespace: rule.namespace, port, atGateway: !servesMesh(input), services },
    defaults: input.defaults,
    meshConfig: input.meshConfig,
  };
}

/** At a gateway the ports of the services behind it decide where destinations without a port lead. */
function impliedPorts({ services }: CompileContext, { rules }: VisibleVirtualService): string {
  return rules
    .flatMap(({ spec: { route = [], mirror, mirrors = [] } }) => [
      ...route.map(({ destination }) => destination),
      ...(mirror ? [mirror] : []),
      ...mirrors.map(({ destination }) => destination),
    ])
    .map(({ host, port }) =>
      port
        ? ''
        : ` ${
            services
              .get(host)
              ?.ports.map(({ number }) => number)
              .join(',') ?? ''
          }`,
    )
    .join('');
}
