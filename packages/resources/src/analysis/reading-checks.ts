import type { CheckDeclaration } from './check-declaration.ts';

/** The pages of the codes that reading resources says, before any analyzer looks. Their levels stand in `codes.ts` too; a test compares. */
export const READING_CHECKS: readonly CheckDeclaration[] = [
  {
    code: 'LTN0001',
    level: 'Error',
    title: 'A field that Lateen refuses',
    what: 'A field of Istio’s that cannot mean here what it means there. The finding says why, and what to write instead; [all of them](istio-compatibility.md).',
    why: 'Reading on as if it were not there would be worse: whoever wrote it counts on it.',
    mend: 'Write what the finding says.',
    example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: vm}
spec:
  host: vm.example.com
  trafficPolicy: {tunnel: {targetHost: proxy.example.com, targetPort: 3128}}`,
  },
  {
    code: 'LTN0002',
    level: 'Error',
    title: 'A kind that Lateen refuses',
    what: 'A kind of Istio’s that has no counterpart here, EnvoyFilter for one. The finding says why.',
    why: 'As with fields: ignoring it would leave out what somebody counts on.',
    mend: 'Take it out of what Lateen reads.',
    example: `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {name: tweak}
spec: {configPatches: []}`,
  },
  {
    code: 'LTN0003',
    level: 'Error',
    title: 'Text that cannot be read',
    what: 'The text is no YAML 1.2: a bracket is missing, a tab indents, a key stands twice, the bytes are not UTF-8.',
    why: 'Nothing of that document is taken.',
    mend: 'Mend it at the line that is named.',
    example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop
spec: {}`,
  },
  {
    code: 'LTN0004',
    level: 'Info',
    title: 'A resource that is left out',
    what: 'A resource of a group that is nobody’s here.',
    why: 'Files often hold more than the mesh reads. It says so once, so that nobody waits for an effect.',
    mend: 'Nothing.',
    example: `apiVersion: example.com/v1
kind: Boat
metadata: {name: dhow}`,
  },
  {
    code: 'LTN0005',
    level: 'Warning',
    title: 'A value that others read otherwise',
    what: 'An unquoted `on`, `no`, `1_000` or the like: text here, something else to readers of YAML 1.1, kubectl and istioctl among them.',
    why: 'One file would mean two things.',
    mend: 'Quote it; `--fix` does.',
    example: `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: [shop]
  http:
  - match: [{headers: {x-beta: {exact: on}}}]
    route: [{destination: {host: shop}}]`,
  },
  {
    code: 'LTN0006',
    level: 'Warning',
    title: 'One resource twice',
    what: 'A file holds two resources of one kind, namespace and name.',
    why: 'The later counts, as with kubectl apply.',
    mend: 'Delete the earlier, or name it otherwise.',
    example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop}
spec: {host: shop}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop}
spec: {host: shop}`,
  },
  {
    code: 'LTN0007',
    level: 'Warning',
    title: 'A mesh configuration that makes no sense',
    what: 'The file of `--meshConfigFile` has a field that Istio’s MeshConfig has not, a value that none is, or a default provider that nobody defines.',
    why: 'istioctl reads on with its defaults and does not say so.',
    mend: 'Mend it at the line that is named.',
    example: `rootNamspace: mesh-system`,
  },
  {
    code: 'LTN0008',
    level: 'Info',
    title: 'A field with nothing to act on',
    what: 'A field of Istio’s about something that a process has not: connections that are captured, a proxy’s own settings. It is accepted and does nothing.',
    why: 'The same file may serve an Istio mesh, where it does.',
    mend: 'Nothing.',
    example: `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop}
spec:
  host: shop
  trafficPolicy: {connectionPool: {tcp: {tcpKeepalive: {time: 60s}}}}`,
  },
];
