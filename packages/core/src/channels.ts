import { channel, type Channel } from 'node:diagnostics_channel';

/** Events that `mesh.on(name, …)` and the admin endpoint's `/events` tell; each is also published on `lateen:<name>`. */
export interface MeshEvents {
  /** A configuration was applied, or refused (`error`) while the last good one stays. */
  config: { readonly revision: number; readonly hash: string; readonly error?: string };
  /** An endpoint came or went. */
  endpoint: { readonly cluster: string; readonly endpoint: string; readonly change: 'added' | 'removed' };
  ejection: {
    readonly cluster: string;
    readonly endpoint: string;
    readonly change: 'ejected' | 'returned';
    readonly reason: string;
    readonly untilMs: number;
  };
  breaker: { readonly cluster: string; readonly endpoint: string; readonly state: 'closed' | 'open' | 'half-open' };
  certificate: {
    readonly id: string;
    readonly change: 'issued' | 'renewed' | 'failed' | 'expired';
    readonly serial: string;
    readonly notAfter: number;
    readonly error?: string;
  };
  /** A peer was turned away at the gate, or a server was by us. */
  peer: { readonly direction: 'inbound' | 'outbound'; readonly address: string; readonly reason: string };
  discovery: { readonly source: string; readonly change: 'stale' | 'recovered' | 'reregistered'; readonly error?: string };
}

export type MeshEventName = keyof MeshEvents;

export const MESH_EVENT_NAMES = [
  'config',
  'endpoint',
  'ejection',
  'breaker',
  'certificate',
  'peer',
  'discovery',
] as const satisfies readonly MeshEventName[];

/** What the packages report to; the facade fans it out. Never called for a plain successful request. */
export interface EventSink {
  emit<Name extends MeshEventName>(name: Name, event: MeshEvents[Name]): void;
}

const channels = Object.fromEntries(MESH_EVENT_NAMES.map((name) => [name, channel(`lateen:${name}`)])) as Record<
  MeshEventName,
  Channel
>;

/** Publishes on `node:diagnostics_channel` only. */
export const channelSink: EventSink = {
  emit(name, event) {
    const target = channels[name];
    if (target.hasSubscribers) target.publish(event);
  },
};
