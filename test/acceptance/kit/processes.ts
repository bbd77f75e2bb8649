import { readdirSync, readFileSync } from 'node:fs';

/** Command lines of live processes whose environment or arguments name `text`. */
export function processesMentioning(text: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return (command + readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(text) ? [command.replaceAll('\0', ' ')] : [];
      } catch {
        return []; // gone, or not ours to look at
      }
    });
}
