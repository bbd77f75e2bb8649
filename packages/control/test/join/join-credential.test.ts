import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLateenError } from '@lateen/core';
import { readJoinString } from '../../src/join/join-credential.ts';

const WHO = { url: 'https://127.0.0.1:15012', namespace: 'default', serviceAccount: 'bookinfo-reviews', service: 'reviews' };
const SECRET = 'a'.repeat(43);
const PIN = '0'.repeat(64);

describe('readJoinString', () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'lateen-'))));
  after(() => rm(folder, { recursive: true }));

  it('reads the file anew each time, white space around it forgiven', async () => {
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, ` ltj1.${SECRET}.${PIN}\n`);
    assert.deepEqual(await readJoinString({ ...WHO, tokenFile }), { secret: SECRET, rootPin: PIN });
    await writeFile(tokenFile, `ltj1.${'b'.repeat(43)}.${PIN}`);
    assert.equal((await readJoinString({ ...WHO, tokenFile })).secret, 'b'.repeat(43));
  });

  const refusal =
    (...words: string[]) =>
    (error: unknown) =>
      isLateenError(error) && error.code === 'LATEEN_JOIN_REFUSED' && words.every((word) => error.message.includes(word));

  it('says that there is no token, and how to make one', async () => {
    await assert.rejects(
      readJoinString(WHO),
      refusal(WHO.url, 'lateen ca token --service-account bookinfo-reviews', 'LATEEN_TOKEN_FILE'),
    );
  });

  it('names a file that can not be read', async () => {
    const tokenFile = join(folder, 'missing');
    await assert.rejects(readJoinString({ ...WHO, tokenFile }), refusal(tokenFile, 'ENOENT', `> ${tokenFile}`));
  });

  it('never repeats what is no join string', async () => {
    const token = 'ltj1.not-quite-a-secret';
    await assert.rejects(
      readJoinString({ ...WHO, token }),
      (error: Error) => !error.message.includes('not-quite') && refusal('ltj1.')(error),
    );
  });
});
