import type { Analyzer } from '../analyzer.ts';
import { valueFinding } from '../value-finding.ts';

/** IST0134: a TCP port can be told from others by its address only, and there is none. So can what is TCP on the wire, which istioctl passes over. */
export const serviceEntryAddresses: Analyzer = {
  name: 'serviceentry.Analyzer',
  description: 'ServiceEntries with TCP ports have addresses',
  analyze: ({ of, meshConfig }) =>
    of('ServiceEntry').flatMap((entry) => {
      if (entry.spec.addresses || meshConfig.allocatesAddresses) return [];
      return (entry.spec.ports ?? []).flatMap(({ protocol = '' }, index) => {
        if (!TCP_ON_THE_WIRE.has(protocol.toUpperCase())) return [];
        return [
          valueFinding('IST0134', entry, `/spec/ports/${index}/name`, 'ServiceEntry addresses are required for this protocol.'),
        ];
      });
    }),
};

const TCP_ON_THE_WIRE = new Set(['', 'TCP', 'MONGO', 'MYSQL', 'REDIS']);
