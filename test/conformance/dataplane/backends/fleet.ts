import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Common, CommonInstance, CommonService, Setup } from '../corpus.ts';
import { answer } from './answer.ts';
import { Backend } from './backend.ts';
import { Behaviours } from './behaviours.ts';
import { readBody, receivedHead, type Received } from './received.ts';

const ADDRESS = '127.0.0.1';

interface Instance {
  readonly name: string;
  readonly version: string | undefined;
  /** By port name; empty for an instance that nobody listens for. */
  readonly backends: ReadonlyMap<string, Backend>;
  /** By port name. */
  readonly ports: ReadonlyMap<string, number>;
}

/** A backend for every instance of the corpus, used by one case after the other. */
export class Fleet {
  readonly #instances = new Map<string, Instance>();
  #behaviours = new Behaviours({});
  #calls: Received[] = [];

  static async start({ services, standalone }: Common): Promise<Fleet> {
    const fleet = new Fleet();
    for (const service of services) {
      for (const instance of service.instances) await fleet.#start(instance, service);
    }
    for (const name of standalone.instances) await fleet.#start({ name }, { ports: [{ name: 'http' }] });
    return fleet;
  }

  /** Everything as usual again, and nothing called. */
  async reset(setup: Setup): Promise<void> {
    for (const { backends } of this.#instances.values()) for (const backend of backends.values()) backend.dropConnections();
    await this.behave(setup);
    this.#calls = [];
  }

  async behave(setup: Setup): Promise<void> {
    this.#behaviours = new Behaviours(setup);
    for (const [name, { backends }] of this.#instances) {
      const refuses = this.#behaviours.refuses(name);
      for (const backend of backends.values()) await (refuses ? backend.refuse() : backend.listen());
    }
  }

  dropConnections(): void {
    for (const { backends } of this.#instances.values()) for (const backend of backends.values()) backend.dropConnections();
  }

  /** What arrived since the last time, in order of arrival. */
  takeCalls(): readonly Received[] {
    const calls = this.#calls;
    this.#calls = [];
    return calls;
  }

  addressOf(): string {
    return ADDRESS;
  }

  /** @param portName default: the instance's first */
  portOf(instance: string, portName?: string): number {
    const ports = this.#instances.get(instance)?.ports;
    return (portName === undefined ? ports?.values().next().value : ports?.get(portName)) ?? 0;
  }

  /** The name of the instance at `127.0.0.1:43210`; the address itself where nobody has it. */
  nameOf(address: string): string | undefined {
    if (!address.includes(':')) return address || undefined;
    const port = Number(address.slice(address.lastIndexOf(':') + 1));
    for (const [name, { ports }] of this.#instances) if ([...ports.values()].includes(port)) return name;
    return address || undefined;
  }

  /** Serves as an instance that is not on a port of its own: the application behind a server of the mesh. */
  async serveAs(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#serve({ instance: name, version: undefined, port: 'http' }, request, response, true);
  }

  async #start(
    instance: CommonInstance,
    { ports }: { readonly ports: readonly { readonly name: string }[] } | CommonService,
  ): Promise<void> {
    const { name, labels, refusesConnections } = instance;
    const version = labels?.['version'];
    if (refusesConnections) {
      // Nobody listens on the lowest ports; one for each, so that they can be told apart.
      const unused = [...this.#instances.values()].filter(({ backends }) => backends.size === 0).length + 2;
      const dead = new Map(ports.map((port) => [port.name, unused]));
      this.#instances.set(name, { name, version, backends: new Map(), ports: dead });
      return;
    }
    const backends = new Map<string, Backend>();
    for (const port of ports) {
      const backend = new Backend(
        (request, response) => void this.#serve({ instance: name, version, port: port.name }, request, response, false),
      );
      await backend.listen();
      backends.set(port.name, backend);
    }
    const numbers = new Map([...backends].map(([portName, { port }]) => [portName, port]));
    this.#instances.set(name, { name, version, backends, ports: numbers });
  }

  async #serve(
    who: Pick<Received, 'instance' | 'version' | 'port'>,
    request: IncomingMessage,
    response: ServerResponse,
    isApplication: boolean,
  ): Promise<void> {
    const at = performance.now();
    const calls = this.#calls;
    try {
      const received: Received = { ...who, ...receivedHead(request), body: await readBody(request), at };
      calls.push(received);
      await answer(request, response, this.#behaviours.next(who.instance), received, isApplication);
    } catch {
      response.destroy(); // the caller went away
    }
  }
}
