import type { MeshClient } from '@lateen/client';

type Dispatch = MeshClient['dispatcher']['dispatch'];

/** undici's, by way of the client that is dispatched to. */
export type DispatchOptions = Parameters<Dispatch>[0];
export type DispatchHandler = Parameters<Dispatch>[1];
export type DispatchController = Parameters<NonNullable<DispatchHandler['onRequestStart']>>[0];
export type DispatchedHeaders = Parameters<NonNullable<DispatchHandler['onResponseStart']>>[2];
