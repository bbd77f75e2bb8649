/** gRPC's status words in the order of their numbers. */
const NAMES = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** By HTTP status. Source: gRPC, "HTTP to gRPC Status Code Mapping". */
const GRPC_STATUSES: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

const UNKNOWN = 2;

/** The number of a status word, or of a number written as text; undefined for anything else. */
export function grpcStatusOf(word: string): number | undefined {
  const index = NAMES.findIndex((name) => name === word || String(NAMES.indexOf(name)) === word);
  return index === -1 ? undefined : index;
}

/** What a gRPC caller gets for an HTTP status. */
export function grpcStatusForHttp(status: number): number {
  return GRPC_STATUSES[status] ?? UNKNOWN;
}

/** Whether a request or an answer with this `content-type` is gRPC. */
export function isGrpcContentType(contentType: string): boolean {
  return contentType === 'application/grpc' || contentType.startsWith('application/grpc+');
}
