import type { Analyzer } from '../analyzer.ts';
import { fullName } from '../full-name.ts';
import { valueFinding } from '../value-finding.ts';

/** IST0101: a rule delegates to a VirtualService that is not there; the rule vanishes, and later ones answer. istioctl does not look. */
export const referencedDelegate: Analyzer = {
  name: 'lateen.DelegateAnalyzer',
  description: 'VirtualServices that others delegate to exist',
  analyze({ of }) {
    const names = new Set(of('VirtualService').map(fullName));
    return of('VirtualService').flatMap((service) =>
      (service.spec.http ?? []).flatMap(({ delegate }, index) => {
        if (!delegate) return [];
        const namespace = delegate.namespace || service.metadata.namespace;
        const name = fullName({ metadata: { ...service.metadata, namespace, name: delegate.name ?? '' } });
        if (names.has(name)) return [];
        return [
          valueFinding('IST0101', service, `/spec/http/${index}/delegate/name`, `Referenced delegate not found: "${name}"`),
        ];
      }),
    );
  },
};
