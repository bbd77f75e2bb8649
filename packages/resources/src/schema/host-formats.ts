import { isIP } from 'node:net';

/** A DNS label as Istio takes it. */
export const LABEL = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/;

/** Labels joined by dots; a last one of digits only would be half an IP address. */
export function isDomain(text: string): boolean {
  if (text === '' || text.length > 255) return false;
  const labels = text.replace(/\.$/, '').split('.');
  return labels.every((part) => LABEL.test(part)) && !/^\d+$/.test(labels.at(-1) as string);
}

/** A domain, one whose first label begins with `*`, `*` itself, or an IP address. */
export function isHost(text: string): boolean {
  if (text === '*' || isIP(text) !== 0) return true;
  if (!text.startsWith('*')) return isDomain(text);
  return isDomain(text.startsWith('*.') ? text.slice(2) : text.replace(/^\*-?/, ''));
}

/** A Gateway takes whole labels as wildcards only. */
export function isGatewayHost(text: string): boolean {
  return isHost(text) && !/^\*[^.]/.test(text);
}

export function isGatewayName(text: string): boolean {
  const parts = text.split('/');
  const name = parts.at(-1) as string;
  if (parts.length > 2 || (parts.length === 2 && parts[0] !== '.' && !LABEL.test(parts[0] as string))) return false;
  return isDomain(name) || LABEL.test(name);
}

export function isIpOrCidr(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

/** Where a workload listens: an address, or a name to look up. */
export function isAddress(text: string): boolean {
  return isIP(text) !== 0 || isDomain(text);
}
