import assert from 'node:assert/strict';
import { yaml11Reading } from '../../src/yaml/yaml-1-1.ts';

describe('yaml11Reading', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['on', 'true'],
    ['Y', 'true'],
    ['no', 'false'],
    ['OFF', 'false'],
    ['1_000', '1000'],
    ['0755', '493'],
    ['-010', '-8'],
    ['true', undefined],
    ['0', undefined],
    ['1000', undefined],
    ['0899', undefined],
    ['v1_0', undefined],
    ['none', undefined],
    ['', undefined],
  ];
  for (const [source, reading] of cases) {
    it(`reads ${source || 'nothing'} as ${reading ?? 'YAML 1.2 does'}`, () => assert.equal(yaml11Reading(source), reading));
  }
});
