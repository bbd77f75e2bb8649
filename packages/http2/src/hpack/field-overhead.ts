/** RFC 7541 §4.1, RFC 9113 §6.5.2: what a field counts for in a table and in a list beyond its characters. */
export const FIELD_OVERHEAD = 32;
