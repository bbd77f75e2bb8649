import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

// What node:http keeps to itself and a response of another protocol needs: three slots, found by their description. They have had these names since Node 16.
interface Slots {
  readonly outHeaders: symbol | undefined;
  readonly needDrain: symbol | undefined;
}

let slots: Slots | undefined;

function find(): Slots {
  const symbols = Object.getOwnPropertySymbols(new ServerResponse(new IncomingMessage(new Socket())));
  const named = (description: string): symbol | undefined => symbols.find((symbol) => symbol.description === description);
  return { outHeaders: named('kOutHeaders'), needDrain: named('kNeedDrain') };
}

/** Headers that were set one by one: lower-case name → [name as written, value]; null for none. */
export function outHeadersOf(response: ServerResponse): Record<string, [string, unknown]> | null {
  slots ??= find();
  return (response as unknown as Record<symbol, Record<string, [string, unknown]> | null>)[slots.outHeaders as symbol] ?? null;
}

/** Tells a response that its writer may go on. */
export function emitDrain(response: ServerResponse): void {
  slots ??= find();
  const state = response as unknown as Record<symbol, boolean>;
  if (response.finished || response.destroyed || !state[slots.needDrain as symbol]) return;
  state[slots.needDrain as symbol] = false;
  response.emit('drain');
}
