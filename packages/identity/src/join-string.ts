/** What an operator hands to a new workload: a secret to join with, and which root to believe at first contact. */
export interface JoinString {
  /** 32 random bytes, base64url. Sent to lateend once; never logged. */
  readonly secret: string;
  /** SHA-256 of the root authority's SubjectPublicKeyInfo, 64 hex digits. */
  readonly rootPin: string;
}

const SHAPE = /^ltj1\.([A-Za-z0-9_-]{43})\.([0-9a-f]{64})$/;

/** `ltj1.<secret>.<root pin>` */
export function formatJoinString({ secret, rootPin }: JoinString): string {
  return `ltj1.${secret}.${rootPin}`;
}

/** @returns undefined when it is no join string; white space around it is forgiven, since it often comes from a file. */
export function parseJoinString(text: string): JoinString | undefined {
  const match = SHAPE.exec(text.trim());
  return match ? { secret: match[1] as string, rootPin: match[2] as string } : undefined;
}
