import assert from 'node:assert/strict';
import type { Resource } from '@lateen/resources';
import { documentTexts } from '../../src/config/document-texts.ts';

const at = (name: string, line: number): Resource => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name, namespace: 'default', labels: {}, annotations: {} },
  spec: {},
  origin: { kind: 'VirtualService', namespace: 'default', name, file: 'mesh.yaml', line },
  lines: {},
});
const key = (name: string): string => `networking.istio.io/VirtualService/default/${name}`;

describe('documentTexts', () => {
  it('gives each resource the document it was written in', () => {
    const text = '# first\nname: a\n---\nname: b\n--- # third\nname: c\n';
    const texts = documentTexts(text, [at('a', 2), at('b', 4), at('c', 6)]);
    assert.deepEqual(
      [...texts],
      [
        [key('a'), '# first\nname: a\n'],
        [key('b'), 'name: b\n'],
        [key('c'), 'name: c\n'],
      ],
    );
  });

  it('takes a file that begins with a separator, and a line that is the separator', () => {
    assert.deepEqual([...documentTexts('---\nname: a\n', [at('a', 2)])], [[key('a'), 'name: a\n']]);
    assert.deepEqual([...documentTexts('---\nname: a\n', [at('a', 1)])], [[key('a'), 'name: a\n']]);
  });

  it('gives none where several resources share a document', () => {
    assert.deepEqual([...documentTexts('kind: List\nitems: []\n', [at('a', 1), at('b', 2)])], []);
  });
});
