// What process and daemon say to each other: types, limits, and the checks that each applies to what it receives.
export * from './wire/api.ts';
export { parseJson, WireError } from './wire/check.ts';
export * from './wire/config-messages.ts';
export * from './wire/identity-messages.ts';
export * from './wire/registry-messages.ts';
export * from './wire/status-messages.ts';
export * from './wire/watch-messages.ts';
