import type { Finding } from '../../finding.ts';
import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';
import { fullName } from '../full-name.ts';
import { scopedHost } from '../world/gateway-hosts.ts';
import { hostsOverlap } from '../world/hosts.ts';
import { type Listener, listeners, meet } from '../world/listeners.ts';

const LTN0118: CheckDeclaration = {
  code: 'LTN0118',
  level: 'Info',
  title: 'Hosts of Gateways overlap',
  what: 'Two Gateways of one workload and port have hosts in common that are not written alike: `*` and `shop.example.com`, or one host for one namespace and for all.',
  why: 'The more specific host wins, so requests leave the wider Gateway and its VirtualServices when somebody adds the narrower one.',
  mend: 'Keep the hosts apart, or give one Gateway all of them.',
  example: `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: wide}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: narrow}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]`,
  kiali: ['KIA0301'],
};

/** LTN0118: two Gateways share hosts that are written differently. Those written alike are IST0145's. */
export const overlappingGatewayHosts: Analyzer = {
  name: 'lateen.GatewayHostsAnalyzer',
  description: 'Hosts of Gateways do not overlap',
  checks: [LTN0118],
  analyze({ of, workloads }) {
    const all = of('Gateway').flatMap(listeners);
    return all.flatMap((listener) =>
      all.flatMap((other) => {
        const isRival = other.gateway !== listener.gateway && other.port === listener.port && other.bind === listener.bind;
        return isRival && meet(listener, other, workloads) ? shared(listener, other) : [];
      }),
    );
  },
};

/** Told of the more specific host, once. */
function shared(listener: Listener, other: Listener): Finding[] {
  return listener.hosts.flatMap((written, index) => {
    const own = scopedHost(written, listener.gateway.metadata.namespace);
    const rival = other.hosts.find((candidate) => {
      const wide = scopedHost(candidate, other.gateway.metadata.namespace);
      const isWider =
        wide.host.length < own.host.length || (wide.host === own.host && wide.namespace === '*' && own.namespace !== '*');
      return candidate !== written && isWider && hostsOverlap(wide.host, own.host);
    });
    if (rival === undefined) return [];
    const message = `host ${written} is also one of ${rival} of Gateway ${fullName(other.gateway)}, and goes here`;
    return [
      ownFinding(
        LTN0118,
        listener.gateway,
        `/spec/servers/${listener.index}/hosts/${index}`,
        message,
        'keep the hosts apart if that is not meant',
      ),
    ];
  });
}
