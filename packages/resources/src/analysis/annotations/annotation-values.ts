import { BlockList, isIP } from 'node:net';

/** What is wrong with the value of an annotation; undefined when nothing is, or nobody says what is right. */
export function annotationProblem(name: string, value: string): string | undefined {
  return CHECKS[name]?.(value);
}

type Check = (value: string) => string | undefined;

const TRAFFIC = 'traffic.sidecar.istio.io';
const READINESS = 'readiness.status.sidecar.istio.io';

const portList =
  (parameter: string, takesAll: boolean): Check =>
  (value) => {
    if ((takesAll && value === '*') || value.trim() === '') return undefined;
    const bad = value.split(',').find((port) => !isPort(port.trim()));
    return bad === undefined ? undefined : `${parameter} invalid: "${bad}" is no port number`;
  };

const rangeList =
  (parameter: string, takesAll: boolean): Check =>
  (value) => {
    if ((takesAll && value === '*') || value === '') return undefined;
    const bad = value.split(',').find((range) => !isRange(range));
    return bad === undefined ? undefined : `${parameter} invalid: failed parsing cidr '${bad}'`;
  };

const number: Check = (value) =>
  /^\d+$/.test(value) && Number(value) <= 4_294_967_295 ? undefined : `"${value}" is no whole number`;
const flag: Check = (value) =>
  /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value) ? undefined : `"${value}" is neither true nor false`;
const quantity: Check = (value) =>
  /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+|[KMGTPE]i|[numkMGTPE])?$/.test(value) ? undefined : `"${value}" is no quantity`;
const interfaces: Check = (value) => {
  const bad = value.split(',').find((name) => value !== '' && !/^[a-zA-Z0-9_.@-]{1,15}$/.test(name.trim()));
  return bad === undefined ? undefined : `"${bad}" is no name of an interface`;
};

const CHECKS: Readonly<Record<string, Check>> = {
  'sidecar.istio.io/interceptionMode': (value) =>
    ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : `interceptionMode invalid, use REDIRECT,TPROXY,NONE: ${value}`,
  'status.sidecar.istio.io/port': (value) => (isPort(value.trim()) ? undefined : `"${value}" is no port number`),
  [`${READINESS}/initialDelaySeconds`]: number,
  [`${READINESS}/periodSeconds`]: number,
  [`${READINESS}/failureThreshold`]: number,
  [`${TRAFFIC}/includeOutboundIPRanges`]: rangeList('includeIPRanges', true),
  [`${TRAFFIC}/excludeOutboundIPRanges`]: rangeList('excludeIPRanges', false),
  [`${TRAFFIC}/includeInboundPorts`]: portList('includeInboundPorts', true),
  [`${TRAFFIC}/excludeInboundPorts`]: portList('excludeInboundPorts', false),
  [`${TRAFFIC}/excludeOutboundPorts`]: portList('excludeOutboundPorts', false),
  [`${TRAFFIC}/excludeInterfaces`]: interfaces,
  [`${TRAFFIC}/kubevirtInterfaces`]: interfaces,
  'istio.io/reroute-virtual-interfaces': interfaces,
  'prometheus.istio.io/merge-metrics': flag,
  'sidecar.istio.io/proxyCPU': quantity,
  'sidecar.istio.io/proxyMemory': quantity,
  'sidecar.istio.io/proxyCPULimit': quantity,
  'sidecar.istio.io/proxyMemoryLimit': quantity,
};

const isPort = (text: string): boolean => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;

function isRange(text: string): boolean {
  const [address = '', length = '', ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || !/^\d{1,3}$/.test(length)) return false;
  try {
    new BlockList().addSubnet(address, Number(length), family === 4 ? 'ipv4' : 'ipv6');
    return true;
  } catch {
    return false;
  }
}
