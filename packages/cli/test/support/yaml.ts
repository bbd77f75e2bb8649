/** A VirtualService whose name and host are `name`; `rest` goes on in its one rule. The destination's host stands on line 10. */
export function virtualService(name: string, rest = ''): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
spec:
  hosts: [${name}]
  http:
  - route:
    - destination:
        host: ${name}
${rest}`;
}
