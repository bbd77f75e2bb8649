import type { Answer } from './caller.ts';

interface Head {
  readonly status: number;
  readonly headers: readonly string[];
}

/** Reads one HTTP/1.1 response, and the informational ones before it, out of the bytes of a connection. */
export class ResponseReader {
  readonly #isHead: boolean;
  readonly #informational: number[] = [];
  #pending = '';
  #head: Head | undefined;
  #body = '';
  /** Bytes of the body still to come; undefined: until the connection ends. */
  #left: number | undefined;
  #isChunked = false;
  isComplete = false;

  constructor(isHead: boolean) {
    this.#isHead = isHead;
  }

  push(chunk: Buffer): void {
    this.#pending += chunk.toString('latin1');
    while (!this.#head && this.#readHead());
    if (this.#head) this.#readBody();
  }

  /** The connection ended. Returns what is wrong with that. */
  end(): string | undefined {
    if (!this.#head) return 'the connection was closed without an answer';
    if (this.#left === undefined && !this.#isChunked) this.isComplete = true;
    return this.isComplete ? undefined : 'the body was cut';
  }

  result(error: string | undefined): Omit<Answer, 'durationMs'> {
    const head = this.#head;
    return {
      status: head?.status ?? 0,
      headers: head?.headers ?? [],
      body: this.#body,
      informational: this.#informational,
      broken: head !== undefined && error !== undefined,
      error: head ? undefined : error,
    };
  }

  #readHead(): boolean {
    const end = this.#pending.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const [first = '', ...lines] = this.#pending.slice(0, end).split('\r\n');
    this.#pending = this.#pending.slice(end + 4);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0);
    if (status >= 100 && status < 200 && status !== 101) {
      this.#informational.push(status);
      return true;
    }
    const headers = lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    });
    this.#head = { status, headers };
    this.#frame(status, headers);
    return false;
  }

  #frame(status: number, headers: readonly string[]): void {
    const value = (name: string): string | undefined => {
      const at = headers.findIndex((text, i) => i % 2 === 0 && text === name);
      return at === -1 ? undefined : headers[at + 1];
    };
    if (this.#isHead || status === 204 || status === 304) this.#left = 0;
    else if (value('transfer-encoding')?.includes('chunked')) this.#isChunked = true;
    else if (value('content-length') !== undefined) this.#left = Number(value('content-length'));
  }

  #readBody(): void {
    if (this.#isChunked) return this.#readChunks();
    const taken = this.#pending.slice(0, this.#left);
    this.#body += taken;
    this.#pending = this.#pending.slice(taken.length);
    if (this.#left === undefined) return;
    this.#left -= taken.length;
    if (this.#left === 0) this.isComplete = true;
  }

  #readChunks(): void {
    for (;;) {
      const line = this.#pending.indexOf('\r\n');
      if (line === -1) return;
      const size = Number.parseInt(this.#pending.slice(0, line), 16);
      if (this.#pending.length < line + 2 + size + 2) return;
      this.#body += this.#pending.slice(line + 2, line + 2 + size);
      this.#pending = this.#pending.slice(line + 2 + size + 2);
      if (size === 0) {
        this.isComplete = true;
        return;
      }
    }
  }
}
