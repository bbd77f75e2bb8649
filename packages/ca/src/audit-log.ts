import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Clock, LateenError } from '@lateen/core';
import { dirname } from 'node:path';
import { readPrivateFile, syncFolder } from '@lateen/identity';
import { corrupt } from './state-file.ts';

/** What happened. Never holds a token, a CSR or a key. */
export interface AuditEvent {
  readonly event: 'authority_created' | 'token_created' | 'issued' | 'join_token_replayed';
  readonly [detail: string]: string | number | boolean | readonly string[];
}

interface Waiting {
  readonly event: AuditEvent;
  resolve(): void;
  reject(error: unknown): void;
}

const GENESIS = '0'.repeat(64);

/**
 * JSON lines, appended and on disk before `append` resolves, each holding the hash of the one before: a line that is changed or
 * taken out shows. A line cut short by a crash was never answered for, and is cut off when the log is opened.
 */
export class AuditLog {
  readonly #file: FileHandle;
  readonly #clock: Clock;
  #sequence: number;
  #lastHash: string;
  #size: number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(file: FileHandle, clock: Clock, tail: Tail) {
    this.#file = file;
    this.#clock = clock;
    this.#sequence = tail.sequence;
    this.#lastHash = tail.hash;
    this.#size = tail.size;
  }

  /** @throws {LateenError} `LATEEN_STATE_CORRUPT` naming the line where the chain breaks. */
  static async open(path: string, clock: Clock): Promise<AuditLog> {
    const tail = readTail(path, (await readPrivateFile(path)) ?? '');
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    await file.truncate(tail.size);
    await syncFolder(dirname(path));
    return new AuditLog(file, clock, tail);
  }

  /** Rejects when it could not be made durable: then whatever it records must not happen. */
  append(event: AuditEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ event, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  /** Writes whatever waits, in batches of one fsync each, until nothing does. */
  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ event }) => event));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#flushing = undefined;
  }

  async #write(events: readonly AuditEvent[]): Promise<void> {
    let hash = this.#lastHash;
    let sequence = this.#sequence;
    let text = '';
    for (const event of events) {
      const body = JSON.stringify({
        sequence: ++sequence,
        time: new Date(this.#clock.wallNow()).toISOString(),
        ...event,
        previous: hash,
      });
      hash = hashOf(body);
      text += `${body.slice(0, -1)},"hash":"${hash}"}\n`;
    }
    const bytes = Buffer.from(text);
    try {
      const { bytesWritten } = await this.#file.write(bytes, 0, bytes.length, this.#size);
      if (bytesWritten !== bytes.length)
        throw new LateenError('LATEEN_STATE_CORRUPT', 'the audit log could not be written whole');
      await this.#file.datasync();
    } catch (error) {
      await this.#file.truncate(this.#size).catch(() => {});
      throw error;
    }
    this.#sequence = sequence;
    this.#lastHash = hash;
    this.#size += bytes.length;
  }
}

interface Tail {
  readonly sequence: number;
  readonly hash: string;
  readonly size: number;
}

function readTail(path: string, text: string): Tail {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  let hash = GENESIS;
  let sequence = 0;
  for (const line of whole.split('\n').slice(0, -1)) {
    sequence++;
    const match = /^(.*),"hash":"([0-9a-f]{64})"\}$/.exec(line);
    const body = `${match?.[1]}}`;
    if (!match || hashOf(body) !== match[2] || !body.endsWith(`"previous":"${hash}"}`)) {
      throw corrupt(path, `the audit chain breaks at line ${sequence}`);
    }
    hash = match[2] as string;
  }
  return { sequence, hash, size: Buffer.byteLength(whole) };
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
