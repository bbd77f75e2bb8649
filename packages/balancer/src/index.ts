export { Availability, UNAVAILABLE, type UnavailableReason } from './availability.ts';
export { createPicker, type PickerPolicy } from './create-picker.ts';
export * from './load-table.ts';
export * from './outlier-detector.ts';
export { ewmaLoad, observeLatency } from './peak-ewma.ts';
export * from './picker.ts';
