import type { AnalysisContext, DraftResource } from '../analysis-context.ts';
import type { Analyzer } from '../analyzer.ts';
import { valueFinding } from '../value-finding.ts';
import { firstKey, selectorText, selects } from '../world/labels.ts';

/** IST0162: no Service in front of a gateway's workload leads to the port that the Gateway listens on. */
export const gatewayPort: Analyzer = {
  name: 'gateway.IngressGatewayPortAnalyzer',
  description: "Ports of Gateways are those of their workloads' Services",
  analyze: (context) =>
    context.knowsAll.workloads ? context.of('Gateway').flatMap((gateway) => portsWithoutService(context, gateway)) : [],
};

function portsWithoutService(context: AnalysisContext, gateway: DraftResource<'Gateway'>) {
  const selector = gateway.spec.selector ?? {};
  const selected = context.workloads.filter(({ labels }) => selects(selector, labels));
  if (selected.length === 0) return [];
  const ports = new Set(
    context
      .of('Service')
      .filter(({ spec, metadata }) =>
        selected.some(({ namespace, labels }) => namespace === metadata.namespace && selects(spec.selector ?? {}, labels)),
      )
      .flatMap(openPorts),
  );
  return (gateway.spec.servers ?? []).flatMap(({ port }) => {
    const number = port?.number ?? 0;
    if (!port || ports.has(number)) return [];
    const text = selectorText(selector);
    const message =
      `The gateway is listening on a target port (port ${number}) that is not defined in the Service associated with its workload ` +
      `instances (Pod selector ${text}). If you need to access the gateway port through the gateway Service, it will not be available.`;
    return [valueFinding('IST0162', gateway, `/spec/selector/${firstKey(selector)}`, message)];
  });
}

/** The ports of a Service and those they lead to; a port without protocol is TCP. */
function openPorts({ spec }: DraftResource<'Service'>): number[] {
  const tcp = (spec.ports ?? []).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  return tcp.flatMap(({ port = 0, targetPort }) => [port, Number(targetPort) || port]);
}
