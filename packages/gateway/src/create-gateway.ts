import { LateenError } from '@lateen/core';
import { decideSettings, type MeshSettings } from 'lateen/foundation';
import type { Gateway, GatewayOptions } from './gateway.ts';
import { IngressGateway } from './ingress-gateway.ts';

/** Istio's name and label of its ingress gateway, by which Gateways select it. */
const SERVICE = 'istio-ingressgateway';
const LABELS = { istio: 'ingressgateway' };

/**
 * Opens the ports that the Gateways in force ask for, and sends what comes in where their VirtualServices say. Resolves when the ports
 * of the configuration known by then are open; with lateend that may be none yet: `ready` tells when it can serve.
 *
 * @throws {LateenError} `LATEEN_BAD_OPTION` for an impossible option or without a configuration, `LATEEN_CONFIG_INVALID` for given YAML with
 * errors, `LATEEN_PORT_IN_USE` for a taken port.
 */
export async function createGateway(
  options: GatewayOptions = {},
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Gateway> {
  const { host = '127.0.0.1', portOffset = 0, ...rest } = options;
  const settings = gatewaySettings(rest, environment);
  if (settings.config === undefined) {
    throw new LateenError('LATEEN_BAD_OPTION', 'the gateway has no configuration to follow', {
      hint: 'set control (LATEEN_CONTROL) to the URL of lateend, or config (LATEEN_CONFIG) to a folder of YAML',
    });
  }
  return IngressGateway.start(settings, { host, portOffset });
}

function gatewaySettings(options: Omit<GatewayOptions, 'host' | 'portOffset'>, environment: NodeJS.ProcessEnv): MeshSettings {
  const service = options.service ?? environment['LATEEN_SERVICE'] ?? environment['OTEL_SERVICE_NAME'] ?? SERVICE;
  const settings = decideSettings({ ...options, service, errors: 'respond' }, environment);
  return { ...settings, labels: { ...LABELS, ...settings.labels } };
}
