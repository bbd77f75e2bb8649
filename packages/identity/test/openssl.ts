import { spawnSync } from 'node:child_process';

let found: boolean | undefined;

/** Whether the machine has an openssl to compare with. */
export function hasOpenssl(): boolean {
  found ??= spawnSync('openssl', ['version']).status === 0;
  return found;
}
