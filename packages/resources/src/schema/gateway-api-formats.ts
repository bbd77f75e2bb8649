import type { Format } from './format.ts';
import { isDomain } from './host-formats.ts';

/** The checks that the Gateway API has apart from Istio. */
export const GATEWAY_API_FORMATS: Readonly<Record<string, Format>> = {
  'gateway-api-hostname': {
    test: isHostname,
    wanted: 'a host name in lower case, perhaps with a first label of *: shop.example.com, *.example.com',
  },
  'gateway-api-duration': {
    test: (text) => /^(?:[0-9]{1,5}(?:h|m|s|ms)){1,4}$/.test(text),
    wanted: 'a duration of whole numbers, like 1s500ms; 0s switches it off',
  },
};

function isHostname(text: string): boolean {
  const labels = text.startsWith('*.') ? text.slice(2) : text;
  return text === text.toLowerCase() && isDomain(labels) && !labels.endsWith('.');
}
