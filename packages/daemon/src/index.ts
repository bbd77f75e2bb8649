export * from './daemon.ts';
