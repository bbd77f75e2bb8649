const HTTP = new Set(['HTTP', 'HTTP2', 'HTTP_PROXY', 'GRPC', 'GRPC-WEB']);
const TLS = new Set(['HTTPS', 'TLS']);
const TCP = new Set(['TCP', 'MONGO', 'REDIS', 'MYSQL', ...TLS]);

/** What Istio makes of a port's protocol, however it is written. */
export const isHttp = (protocol = ''): boolean => HTTP.has(protocol.toUpperCase());
export const isTls = (protocol = ''): boolean => TLS.has(protocol.toUpperCase());
/** Bytes to whoever looks at them, encrypted or not. */
export const isTcp = (protocol = ''): boolean => TCP.has(protocol.toUpperCase());
