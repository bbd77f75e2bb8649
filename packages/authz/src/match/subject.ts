import type { Principal } from '@lateen/core';
import type { ConnectionFacts, RequestFacts } from '../facts.ts';
import { Address } from './address.ts';

/** The facts of a request nobody made. */
export const NO_FACTS: RequestFacts = Object.freeze({
  principal: undefined,
  sourceIp: '',
  remoteIp: '',
  destinationIp: '',
  port: 0,
  sni: '',
  method: '',
  path: '',
  host: '',
  scheme: '',
  headers: [],
  claims: undefined,
});

/** The strings that are worked out of facts, once a decision. */
const UNREAD = '\u0000unread';

/** The facts of one decision with what had to be worked out of them. One object serves all decisions of an authorizer, one after the other. */
export class Subject {
  facts: RequestFacts = NO_FACTS;
  readonly #source = new Address();
  readonly #remote = new Address();
  readonly #destination = new Address();
  #sourceRead = false;
  #remoteRead = false;
  #destinationRead = false;
  #path = UNREAD;
  #host = UNREAD;
  #sni = UNREAD;
  #account = '';
  #accountOf: Principal | undefined;

  begin(facts: RequestFacts): void {
    this.facts = facts;
    this.#sourceRead = false;
    this.#remoteRead = false;
    this.#destinationRead = false;
    this.#path = UNREAD;
    this.#host = UNREAD;
    this.#sni = UNREAD;
  }

  beginConnection(facts: ConnectionFacts): void {
    this.begin({ ...NO_FACTS, ...facts });
  }

  get source(): Address {
    if (!this.#sourceRead) {
      this.#source.parse(this.facts.sourceIp);
      this.#sourceRead = true;
    }
    return this.#source;
  }

  get remote(): Address {
    if (!this.#remoteRead) {
      this.#remote.parse(this.facts.remoteIp);
      this.#remoteRead = true;
    }
    return this.#remote;
  }

  get destination(): Address {
    if (!this.#destinationRead) {
      this.#destination.parse(this.facts.destinationIp);
      this.#destinationRead = true;
    }
    return this.#destination;
  }

  /** Without query and fragment. */
  get path(): string {
    if (this.#path === UNREAD) this.#path = withoutQuery(this.facts.path);
    return this.#path;
  }

  /** In lower case, port included. */
  get host(): string {
    if (this.#host === UNREAD) this.#host = this.facts.host.toLowerCase();
    return this.#host;
  }

  get sni(): string {
    if (this.#sni === UNREAD) this.#sni = this.facts.sni.toLowerCase();
    return this.#sni;
  }

  /** `foo/sleep`; undefined on plaintext and for names that are no service account. */
  get serviceAccount(): string | undefined {
    const { principal } = this.facts;
    if (principal === undefined || principal.namespace === '') return undefined;
    if (this.#accountOf !== principal) {
      // Requests of one connection share their principal: the text is made once a connection.
      this.#account = `${principal.namespace}/${principal.serviceAccount}`;
      this.#accountOf = principal;
    }
    return this.#account;
  }
}

function withoutQuery(target: string): string {
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code === 63 || code === 35) return target.slice(0, i);
  }
  return target;
}
