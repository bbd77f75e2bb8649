import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { problemWith } from '../fuzz/examine.ts';
import { mutated } from '../fuzz/mutate.ts';
import { seedDocuments } from '../fuzz/seeds.ts';

describe('mutated YAML', () => {
  it('is taken or refused in time, with a line, 2000 times', function () {
    this.timeout(60_000);
    const pool = seedDocuments();
    const random = seededRandom(2_026);
    for (let number = 0; number < 2_000; number++) {
      const text = mutated(pool, random);
      assert.equal(problemWith(text), undefined, JSON.stringify(text));
    }
  });
});
