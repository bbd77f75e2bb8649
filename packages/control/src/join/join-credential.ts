import { readFile } from 'node:fs/promises';
import { LateenError } from '@lateen/core';
import { type JoinString, parseJoinString } from '@lateen/identity';

export interface JoinCredentialOptions {
  readonly url: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly service: string;
  readonly tokenFile?: string;
  readonly token?: string;
}

/** What to do about a missing or refused token. */
export function tokenMend({ serviceAccount, service, namespace, tokenFile }: JoinCredentialOptions): string {
  const command = `lateen ca token --service-account ${serviceAccount} --namespace ${namespace} --service ${service}`;
  return tokenFile
    ? `make a new one: \`${command} > ${tokenFile}\``
    : `make one with \`${command}\` and name its file in LATEEN_TOKEN_FILE`;
}

/** Where a token came from, for messages; never the token. */
export function tokenPlace({ tokenFile }: JoinCredentialOptions): string {
  return tokenFile ? `the join string in ${tokenFile}` : 'the join string';
}

/** The join string, read anew each time. @throws {LateenError} `LATEEN_JOIN_REFUSED` when there is none, or it is none. */
export async function readJoinString(options: JoinCredentialOptions): Promise<JoinString> {
  const { url, tokenFile } = options;
  const text = tokenFile === undefined ? options.token : await readTokenFile(tokenFile, options);
  if (text === undefined) {
    throw new LateenError('LATEEN_JOIN_REFUSED', `there is neither a valid certificate nor a join string for lateend at ${url}`, {
      target: url,
      hint: tokenMend(options),
    });
  }
  const joinString = parseJoinString(text);
  if (joinString) return joinString;
  throw new LateenError(
    'LATEEN_JOIN_REFUSED',
    `${tokenPlace(options)} for lateend at ${url} is not of the form ltj1.<secret>.<pin>`,
    {
      target: url,
      hint: tokenMend(options),
    },
  );
}

async function readTokenFile(file: string, options: JoinCredentialOptions): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new LateenError('LATEEN_JOIN_REFUSED', `the token file ${file} for lateend at ${options.url} can't be read (${code})`, {
      target: file,
      hint: tokenMend(options),
      cause,
    });
  }
}
