export * from './load-table.ts';
export * from './picker.ts';
