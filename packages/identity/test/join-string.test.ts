import assert from 'node:assert/strict';
import { formatJoinString, parseJoinString } from '../src/join-string.ts';

describe('parseJoinString', () => {
  const join = { secret: 'A'.repeat(43), rootPin: 'b'.repeat(64) };

  it('reads what formatJoinString wrote, white space around it forgiven', () => {
    assert.deepEqual(parseJoinString(`${formatJoinString(join)}\n`), join);
  });

  for (const text of ['', 'ltj1', `ltj2.${join.secret}.${join.rootPin}`, `ltj1.${join.secret}.`, `ltj1.x.${join.rootPin}`]) {
    it(`refuses ${JSON.stringify(text.slice(0, 12))}…`, () => assert.equal(parseJoinString(text), undefined));
  }
});
