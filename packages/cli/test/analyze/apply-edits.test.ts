import assert from 'node:assert/strict';
import { applyEdits } from '../../src/analyze/fix/apply-edits.ts';
import { lineHunks } from '../../src/analyze/fix/line-hunks.ts';

const TEXT = 'a: 1 # one\n---\na: on\nlist:\n- {b: x}\n- b: y\nref: &r text\nalso: *r\n';

describe('applyEdits', () => {
  const cases: readonly (readonly [string, Parameters<typeof applyEdits>[1], string])[] = [
    ['a key', [{ line: 1, edits: [{ pointer: '/a', replace: 'key', by: 'c' }] }], TEXT.replace('a: 1', 'c: 1')],
    ['a value', [{ line: 3, edits: [{ pointer: '/a', replace: 'value', by: '"on"' }] }], TEXT.replace('a: on', 'a: "on"')],
    [
      'several, in lists and flow mappings too',
      [
        {
          line: 5,
          edits: [
            { pointer: '/list/0/b', replace: 'value', by: 'X' },
            { pointer: '/list/1/b', replace: 'key', by: 'c' },
          ],
        },
      ],
      TEXT.replace('{b: x}', '{b: X}').replace('- b: y', '- c: y'),
    ],
    [
      'the same place once',
      Array.from({ length: 2 }, () => ({ line: 1, edits: [{ pointer: '/a', replace: 'value' as const, by: '2' }] })),
      TEXT.replace('a: 1', 'a: 2'),
    ],
    ['nothing that is not there', [{ line: 1, edits: [{ pointer: '/z/0', replace: 'value', by: '2' }] }], TEXT],
  ];
  for (const [what, edits, want] of cases) it(`replaces ${what}`, () => assert.equal(applyEdits(TEXT, edits), want));
});

describe('lineHunks', () => {
  const lines = (...at: readonly number[]): string =>
    Array.from({ length: 12 }, (_, index) => (at.includes(index) ? `new ${index}` : `old ${index}`)).join('\n');

  it('is empty where nothing changed', () => assert.equal(lineHunks('f', 'a\n', 'a\n'), ''));

  it('shows two lines around a change', () => {
    assert.equal(
      lineHunks('f.yaml', lines(), lines(3)),
      '--- f.yaml\n+++ f.yaml\n@@ -2,5 +2,5 @@\n old 1\n old 2\n-old 3\n+new 3\n old 4\n old 5\n',
    );
  });

  it('makes one hunk of changes that are near', () => {
    assert.equal(lineHunks('f', lines(), lines(2, 5)).match(/^@@/gm)?.length, 1);
    assert.equal(lineHunks('f', lines(), lines(1, 9)).match(/^@@/gm)?.length, 2);
  });
});
