import type { TracerProvider } from '@opentelemetry/api';
import type { NodeSDK } from '@opentelemetry/sdk-node';

/** `@opentelemetry/api` as the SDK itself loads it: `require` and `import` give two copies, each with its own objects. */
export type OtelApi = typeof import('@opentelemetry/api');

/**
 * Starts the SDK for the mesh alone. `NodeSDK` would make what it starts the process's own tracer, context manager and logger, and keep
 * an application's OpenTelemetry from registering; so for the length of the synchronous `start()` those registrations end here.
 *
 * @returns the provider that the SDK made
 * @throws {Error} when it made none, because it uses another copy of the API
 */
export function startPrivately(sdk: NodeSDK, { trace, context, logs }: OtelApi): TracerProvider {
  let provider: TracerProvider | undefined;
  const restore = [
    shadow(trace, 'setGlobalTracerProvider', (made) => {
      provider = made;
      return true;
    }),
    shadow(context, 'setGlobalContextManager', () => true),
    shadow(logs, 'setGlobalLoggerProvider', () => true),
  ];
  try {
    sdk.start();
  } finally {
    for (const undo of restore) undo();
  }
  if (!provider) throw new Error('@opentelemetry/sdk-node uses another @opentelemetry/api than ours; install one of them only');
  return provider;
}

/** Lays an own property over a method of the prototype; taking it away restores the object exactly. */
function shadow<Api extends object, Name extends keyof Api>(api: Api, name: Name, method: Api[Name]): () => void {
  api[name] = method;
  return () => delete (api as Partial<Api>)[name];
}
