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
  const key = `${gateway} ${host}:${port}${servesMesh(context.input) ? '' : impliedPorts(context, rule)}`;
  const known = context.cache.rules.get(rule) ?? new Map<string, CompiledRules>();
  context.cache.rules.set(rule, known);
  let compiled = known.get(key);
  if (!compiled) {
    compiled = compileRules(rule.rules, ruleScope(context, rule, host, port, gateway));
    known.set(key, compiled);
  }
  return compiled;
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
