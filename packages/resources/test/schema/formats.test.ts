import assert from 'node:assert/strict';
import { formatDuration } from '@lateen/core';
import fc from 'fast-check';
import { FORMATS } from '../../src/schema/formats.ts';

const takes = (format: string, text: string): boolean => (FORMATS[format] as (typeof FORMATS)[string]).test(text);

const WORD = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);

describe('FORMATS', () => {
  const cases: Readonly<Record<string, { readonly good: readonly string[]; readonly bad: readonly string[] }>> = {
    'istio-duration': {
      good: ['1ms', '1.5s', '1h2m3s', '1.1s', '0.001s'],
      bad: ['', '0', '0s', '5', '-1s', '1500us', '1 s', '1.5', 'NaNs'],
    },
    re2: { good: ['a+', '(?i)x', 'a'.repeat(1024)], bad: ['', '*', '(?=a)', '(a', 'a++', '\\1', 'a'.repeat(1025)] },
    'istio-host': {
      good: ['*', 'reviews', 'Reviews.default', '*.example.com', '*-shop.example.com', '10.0.0.1', '::1', 'a.b.', '123', '*a.b'],
      bad: ['', '.', 'a..b', 'a_b', 'http://a', 'sh*p.com', 'a.123', '10.0.0.300', '-a', 'a'.repeat(64), 'a.'.repeat(128)],
    },
    'service-host': { good: ['a.b', '*.a.b'], bad: ['*', '10.0.0.1', '::1'] },
    'gateway-host': { good: ['*', './a.b', '*/a.b', 'prod/*.a', '10.0.0.1'], bad: ['a/b/c', '*a.b', '../a', 'shop', '~/a.b'] },
    'egress-host': { good: ['./*', '*/*', '~/*', 'prod/*.a.b', '~prod/a.b'], bad: ['*', 'a.b', './shop', 'a_b/*', './*a.b'] },
    'gateway-name': {
      good: ['mesh', 'edge', 'infra/edge', 'edge.infra'],
      bad: ['', './edge', '/', 'a/', '/a', 'a/b/c', 'my_gw'],
    },
    'label-key': { good: ['app', 'app.kubernetes.io/name'], bad: ['', 'a*', 'a/b/c', '/a', 'a/', '-a'] },
    'label-value': { good: ['', 'v1', 'V1.0_x'], bad: ['*', 'a b', '-a', 'a'.repeat(64)] },
    'ip-or-cidr': { good: ['10.0.0.0/8', '::/0', '1.2.3.4'], bad: ['10.0.0.0/33', '::/129', '1.2.3', '1.2.3.4/', '1.2.3.4/8/8'] },
    address: {
      good: ['1.2.3.4', '::1', 'db.example.com', 'unix:///a', 'unix://@a'],
      bad: ['[::1]', 'unix:///a/', 'unix://a', '1.2.3.400', ''],
    },
    'retry-on': {
      good: ['', '5xx', '5xx,503', 'reset,connect-failure'],
      bad: ['5xx,', '5xx, reset', '599', '99', 'constructor'],
    },
    'header-value': {
      good: ['', 'a', '100%%', '%HOST%', 'a %REQ(x-a)% b', '%DYNAMIC_METADATA(["a", "b"])%', '\t'],
      bad: ['%', '100%', '%A%%', '%REQ(a', 'a\nb', '\0'],
    },
    'settable-header': { good: ['x-a', 'Host', ':authority'], bad: [':path', ''] },
    'own-header': { good: ['x-a'], bad: ['host', 'HOST', ':authority', ''] },
    'matchable-header': {
      good: ['x-a', ':method', '@request.auth.claims.a', '@request.auth.claims[a][b]'],
      bad: ['x a', ':a', ''],
    },
    'export-to': { good: ['.', '*', 'shop'], bad: ['~', 'a/b', '', 'a b'] },
    'export-to-or-none': { good: ['~'], bad: [''] },
    'selector-value': { good: ['', 'a b'], bad: ['*', 'a*'] },
    base64: { good: ['', 'YQ==', 'YWI=', 'YWJj'], bad: ['Y', 'Y===', '*'] },
  };
  for (const [format, { good, bad }] of Object.entries(cases)) {
    it(`tells good from bad ${format}`, () => {
      assert.deepEqual(
        good.filter((text) => !takes(format, text)),
        [],
      );
      assert.deepEqual(
        bad.filter((text) => takes(format, text)),
        [],
      );
    });
  }

  it('takes every duration of whole milliseconds, however it is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (ms) => {
        assert.ok(takes('istio-duration', `${ms}ms`));
        assert.ok(takes('istio-duration', formatDuration(ms)));
        assert.ok(takes('istio-duration', `${ms / 1_000}s`));
        assert.ok(!takes('istio-duration', `${ms}`));
      }),
    );
  });

  it('takes every name of words, and none with a character that names do not have', () => {
    fc.assert(
      fc.property(
        fc.array(WORD, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(' ', '/', '_', ':', '*', '\u00fc'),
        (words, strange) => {
          const name = [...words, 'com'].join('.');
          assert.ok(takes('istio-host', name));
          assert.ok(takes('istio-host', `*.${name}`));
          assert.ok(!takes('istio-host', `${words[0]}${strange}.${name}`));
        },
      ),
    );
  });

  it('answers any text, in time that grows with its length at most', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...Object.keys(FORMATS)), (text, format) => {
        assert.equal(typeof takes(format, text), 'boolean');
      }),
    );
    const long = `${'a-'.repeat(200_000)} `;
    assert.deepEqual(
      Object.keys(FORMATS)
        .filter((format) => takes(format, long))
        .sort(),
      ['header-value', 'own-header', 'selector-key', 'selector-value', 'settable-header'],
    );
  });
});
