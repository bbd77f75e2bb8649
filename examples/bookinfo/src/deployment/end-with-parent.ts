// Preloaded into every process of the deployment: when the one that started it is gone, however it went, this one leaves too.
const GRACE_MS = 10_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), GRACE_MS).unref();
});
process.channel?.unref();
