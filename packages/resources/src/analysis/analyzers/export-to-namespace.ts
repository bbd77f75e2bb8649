import type { Analyzer } from '../analyzer.ts';
import { type CheckDeclaration, ownFinding } from '../check-declaration.ts';

const LTN0141: CheckDeclaration = {
  code: 'LTN0141',
  level: 'Warning',
  title: 'Exported to a namespace that is not there',
  what: '`exportTo` names a namespace, Namespaces are among the resources, and it is none of them.',
  why: 'Nobody sees the resource there, and whoever should have seen it has other rules or none.',
  mend: 'Mend the name.',
  example: `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  exportTo: [shopp]`,
  kiali: ['KIA0005'],
};

/** LTN0141: an export to nobody. */
export const exportToNamespace: Analyzer = {
  name: 'lateen.ExportToAnalyzer',
  description: 'Resources are exported to namespaces that exist',
  checks: [LTN0141],
  analyze({ of, knowsAll }) {
    const names = new Set(of('Namespace').map(({ metadata }) => metadata.name));
    if (!knowsAll.namespaces || names.size === 0) return [];
    return [...of('VirtualService'), ...of('DestinationRule'), ...of('ServiceEntry')].flatMap((resource) =>
      (resource.spec.exportTo ?? []).flatMap((scope, index) => {
        const name = String(scope);
        if (name === '.' || name === '*' || name === '~' || names.has(name)) return [];
        return [ownFinding(LTN0141, resource, `/spec/exportTo/${index}`, `there is no namespace ${name}`, 'mend the name')];
      }),
    );
  },
};
