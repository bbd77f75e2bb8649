// What `import 'lateen'` leaves behind on the globals: prints a JSON list of differences, empty when there are none.
const DISPATCHERS = ['undici.globalDispatcher.1', 'undici.globalDispatcher.2'].map((name) => Symbol.for(name));

await fetch('data:,x'); // the runtime's own lazy globals are not lateen's doing
const before = snapshot();
await import('lateen');
const after = snapshot();
const differences = [...new Set([...before.keys(), ...after.keys()])].filter(
  (key) => !Object.is(before.get(key), after.get(key)),
);
process.stdout.write(`${JSON.stringify(differences.map(String))}\n`);

function snapshot(): Map<string | symbol, unknown> {
  const seen = new Map<string | symbol, unknown>();
  for (const key of [...Reflect.ownKeys(globalThis), ...DISPATCHERS]) {
    const { value, get } = Object.getOwnPropertyDescriptor(globalThis, key) ?? {};
    seen.set(key, value ?? get);
  }
  for (const prototype of ['Promise', 'Array', 'Object', 'Map', 'Function'] as const) {
    for (const key of Reflect.ownKeys(globalThis[prototype].prototype)) {
      seen.set(
        `${prototype}.prototype.${String(key)}`,
        Object.getOwnPropertyDescriptor(globalThis[prototype].prototype, key)?.value,
      );
    }
  }
  for (const event of process.eventNames()) seen.set(`process listeners of ${String(event)}`, process.listenerCount(event));
  return seen;
}
