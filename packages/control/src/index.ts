export * from './admin/admin-client.ts';
export * from './admin/config-refused-error.ts';
export * from './admin/admin-file.ts';
export * from './control-client.ts';
export * from './wire.ts';
