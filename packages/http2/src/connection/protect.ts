/** What code of the application's throws surfaces as an uncaught exception, as with node:http, and never inside the engine. */
export function surface(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}

/** Runs code of the application's. */
export function protect(work: () => void): void {
  try {
    work();
  } catch (error) {
    surface(error);
  }
}
