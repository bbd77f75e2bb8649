import type { ProcessStatus, StatusReply } from '@lateen/control';

/** Whether a process runs what lateend says, as istioctl words it; `REFUSED` and `LOST` are ours. */
export type SyncState = 'SYNCED' | 'STALE' | 'REFUSED' | 'LOST';

export function syncStateOf(process: ProcessStatus, { revision }: StatusReply): SyncState {
  if (!process.connected) return 'LOST';
  if (!process.followsConfig) return 'SYNCED';
  if (process.error) return 'REFUSED';
  return process.revision === revision ? 'SYNCED' : 'STALE';
}
