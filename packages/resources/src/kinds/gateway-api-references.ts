import { oneOf, port } from '../schema/fields.ts';
import { object, optional, string } from '../schema/json-schema.ts';

/** A resource of another kind, in the own namespace where none is written. */
export const namespacedReference = () => ({
  group: optional(string()),
  kind: optional(string({ minLength: 1 })),
  namespace: optional(string({ format: 'dns-label' })),
  name: string({ minLength: 1 }),
});

/** Who serves: a Service where no kind is written. */
export const backendReference = () => ({ ...namespacedReference(), port: optional(port()) });

/** A header, or a query parameter, and its value. */
export const headerMatch = () =>
  object({
    type: optional(oneOf(['Exact', 'RegularExpression'])),
    name: string({ format: 'matchable-header' }),
    value: string({ minLength: 1 }),
  });
