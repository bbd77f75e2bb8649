import type { Dispatcher } from 'undici';
import { type Answer, PATIENCE_MS } from './caller.ts';

/** Dispatches one request and gathers all of its answer. */
export function dispatchExchange(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const informational: number[] = [];
    let status = 0;
    let headers: readonly string[] = [];
    let body = '';
    let controller: Dispatcher.DispatchController | undefined;
    const late = setTimeout(() => {
      finish(new Error('no answer in time'));
      controller?.abort(new Error('no answer in time'));
    }, PATIENCE_MS);
    const finish = (error: Error | undefined): void => {
      clearTimeout(late);
      resolve({
        status,
        headers,
        body,
        informational,
        broken: error !== undefined && status !== 0,
        error: status === 0 ? error?.message : undefined,
        durationMs: performance.now() - startedAt,
      });
    };
    dispatcher.dispatch(options, {
      onRequestStart(given) {
        controller = given;
      },
      onResponseStart(controller, code, parsed) {
        if (code < 200) return void informational.push(code);
        status = code;
        headers =
          lines(controller.rawHeaders) ??
          Object.entries(parsed).flatMap(([name, value]) => [value].flat().flatMap((each) => [name, String(each)]));
      },
      onResponseData(_controller, chunk) {
        body += chunk.toString('latin1');
      },
      onResponseEnd() {
        finish(undefined);
      },
      onResponseError(_controller, error) {
        finish(error);
      },
    });
  });
}

function lines(raw: unknown): string[] | undefined {
  if (!Array.isArray(raw)) return undefined;
  return raw.map((text: Buffer | string, i) => {
    const written = typeof text === 'string' ? text : text.toString('latin1');
    return i % 2 === 0 ? written.toLowerCase() : written;
  });
}
