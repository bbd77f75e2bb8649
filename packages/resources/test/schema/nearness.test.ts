import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isNear } from '../../src/schema/nearness.ts';

describe('isNear', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['timeout', 'Timeout', true],
    ['timeout', 'timeot', true],
    ['timeout', 'timeoutt', true],
    ['timeout', 'timeaut', true],
    ['timeout', 'tiemout', true],
    ['timeout', 'retries', false],
    ['timeout', 'tim', false],
    ['host', 'port', false],
    ['uri', 'a', false],
  ];
  for (const [known, written, near] of cases) {
    it(`takes ${written} for ${near ? 'a slip of' : 'something other than'} ${known}`, () =>
      assert.equal(isNear(known, written), near));
  }

  it('knows any word with one letter dropped, doubled, changed or swapped with the next', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{3,12}$/), fc.nat(), (word, seed) => {
        const at = seed % (word.length - 1);
        const [head, tail] = [word.slice(0, at), word.slice(at + 1)];
        for (const slip of [
          `${head}${tail}`,
          `${head}${word[at]}${word[at]}${tail}`,
          `${head}0${tail}`,
          `${head}${tail[0]}${word[at]}${tail.slice(1)}`,
        ])
          assert.ok(isNear(word, slip), `${word} and ${slip}`);
      }),
    );
  });
});
