import assert from 'node:assert/strict';
import { SEEN, seenFrom } from '../src/visibility.ts';

describe('seenFrom', () => {
  it('shows everybody what says nothing, unless the mesh says otherwise', () => {
    assert.equal(seenFrom(undefined, 'prod', 'default', undefined), SEEN.public);
    assert.equal(seenFrom([], 'prod', 'default', []), SEEN.public);
    assert.equal(seenFrom(undefined, 'prod', 'default', ['.']), SEEN.hidden);
    assert.equal(seenFrom(undefined, 'prod', 'prod', ['.']), SEEN.private);
  });

  it('tells what is kept at home from what is exported by name and to all', () => {
    assert.equal(seenFrom(['.'], 'prod', 'prod', undefined), SEEN.private);
    assert.equal(seenFrom(['prod'], 'prod', 'prod', undefined), SEEN.private);
    assert.equal(seenFrom(['.'], 'prod', 'default', undefined), SEEN.hidden);
    assert.equal(seenFrom(['default', 'test'], 'prod', 'default', undefined), SEEN.named);
    assert.equal(seenFrom(['default', '*'], 'prod', 'test', undefined), SEEN.public);
    assert.equal(seenFrom(['~'], 'prod', 'prod', undefined), SEEN.hidden);
  });
});
