import assert from 'node:assert/strict';
import type { Finding } from '../../src/finding.ts';
import { isSuppressed, parseSuppression } from '../../src/analysis/suppression.ts';

const finding = { code: 'IST0101', origin: 'VirtualService shop/web.v1' } as Finding;

describe('parseSuppression', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['IST0101=VirtualService shop/web.v1', true],
    ['IST0101=VirtualService web.v1.shop', true],
    ['IST0101=VirtualService shop/*', true],
    ['IST0101=VirtualService *.shop', true],
    ['IST0101=* shop/web.v1', true],
    ['IST0101=VirtualService shop/webxv1', false],
    ['IST0101=VirtualService web.v1', false],
    ['IST0102=VirtualService *', false],
    ['IST0101=Gateway *', false],
  ];
  for (const [text, hides] of cases) {
    it(`${hides ? 'hides' : 'tells'} a finding with ${text}`, () => {
      const suppression = parseSuppression(text);
      assert.ok(suppression);
      assert.equal(isSuppressed(finding, [suppression]), hides);
    });
  }

  for (const text of ['IST0101', '=VirtualService a', 'IST0101=', 'IST0101=a b c', 'IST0101=a=b']) {
    it(`does not understand ${text}`, () => assert.equal(parseSuppression(text), undefined));
  }
});
