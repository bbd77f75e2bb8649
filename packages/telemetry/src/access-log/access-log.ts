import type { SideLogging } from '../policy/access-log-policy.ts';
import type { RequestFacts } from '../policy/request-facts.ts';
import type { AccessLogEntry } from './access-log-entry.ts';
import { textLine } from './text-line.ts';

export interface AccessLog {
  /** Ask first: an entry that nobody writes need not be made. */
  readonly enabled: boolean;
  /** @param facts what else is known of the request, for a filter that asks; called only then */
  write(entry: AccessLogEntry, facts?: () => RequestFacts): void;
}

export type AccessLogFormat = 'text' | 'json' | 'off';

/** Where lines go: a stream, or anything with `write`. */
export interface AccessLogDestination {
  write(line: string): unknown;
}

type Teller = (entry: AccessLogEntry) => void;

/**
 * Lines on `destination` (default stdout): `text` is Envoy's default form, `json` the entry itself. Query strings are part of the path; no
 * header values but those named. A function is handed the entries themselves.
 */
export function createAccessLog(
  wanted: AccessLogFormat | Teller,
  destination: AccessLogDestination = process.stdout,
): PolicyAccessLog {
  if (typeof wanted === 'function') return new PolicyAccessLog(true, wanted);
  const lineOf = wanted === 'json' ? jsonLine : textLine;
  return new PolicyAccessLog(wanted !== 'off', (entry) => void destination.write(lineOf(entry)));
}

/** An access log that a configuration may switch on and off and have skip requests, while the process runs. */
export class PolicyAccessLog implements AccessLog {
  enabled: boolean;
  readonly #enabledByDefault: boolean;
  readonly #tell: Teller;
  #keeps: SideLogging['keeps'];

  /** @param enabledByDefault what holds where no policy says otherwise */
  constructor(enabledByDefault: boolean, tell: Teller) {
    this.enabled = enabledByDefault;
    this.#enabledByDefault = enabledByDefault;
    this.#tell = tell;
  }

  /** Another that tells to the same place, for the other side of calls. */
  beside(): PolicyAccessLog {
    return new PolicyAccessLog(this.#enabledByDefault, this.#tell);
  }

  apply({ enabled, keeps }: SideLogging): void {
    this.enabled = enabled ?? this.#enabledByDefault;
    this.#keeps = keeps;
  }

  write(entry: AccessLogEntry, facts: () => RequestFacts = () => factsOfEntry(entry)): void {
    if (!this.enabled) return;
    if (this.#keeps && !this.#keeps(facts())) return;
    this.#tell(entry);
  }
}

const NOBODY = { workload: '', namespace: '', principal: '', app: '', version: '' };

function factsOfEntry(entry: AccessLogEntry): RequestFacts {
  return {
    entry,
    requestHeaders: [],
    responseHeaders: [],
    scheme: 'http',
    source: NOBODY,
    destination: NOBODY,
    destinationService: '',
    isMutualTls: false,
  };
}

function jsonLine(entry: AccessLogEntry): string {
  return `${JSON.stringify({ ...entry, startTime: new Date(entry.startTime).toISOString() })}\n`;
}
