import type { Span, SpanStatusCode } from '@opentelemetry/api';
import type { MeshSpan } from './mesh-tracing.ts';

const ERROR: SpanStatusCode.ERROR = 2;

/** A span of the SDK behind our three words. */
export class ExportedSpan implements MeshSpan {
  readonly #span: Span;

  constructor(span: Span) {
    this.#span = span;
  }

  rename(name: string): void {
    this.#span.updateName(name);
  }

  set(key: string, value: string | number | boolean): void {
    this.#span.setAttribute(key, value);
  }

  end(status: number, flags: string, error?: string): void {
    if (status > 0) this.#span.setAttribute('http.response.status_code', status);
    if (flags !== '-') this.#span.setAttribute('response_flags', flags);
    if (error !== undefined || status === 0 || status >= 500) {
      this.#span.setStatus(error === undefined ? { code: ERROR } : { code: ERROR, message: error });
    }
    this.#span.end();
  }
}
