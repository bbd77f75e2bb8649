import assert from 'node:assert/strict';
import { CODES } from '../../src/codes.ts';
import { type AnalyzeOptions, ANALYZERS, analyze, CHECKS, readMeshConfig } from '../../src/analysis/index.ts';
import { RULE_CHECKS } from '../../src/rules/checks.ts';
import { parseResources } from '../../src/parse-resources.ts';

/** What an example has to be analyzed with where it says something of a mesh that runs. */
const WORLDS: Readonly<Record<string, AnalyzeOptions>> = {
  LTN0113: {
    services: ['reviews.default.svc.cluster.local'],
    workloads: [{ namespace: 'default', name: 'reviews-v1-1', service: 'reviews', labels: { app: 'reviews', version: 'v1' } }],
  },
};

function codesIn(text: string, world: AnalyzeOptions): Map<string, string> {
  const { readable, findings } = parseResources(text, { file: 'example.yaml', defaultNamespace: 'default' });
  const all = [...findings, ...analyze(readable, world), ...readMeshConfig(text, 'example.yaml').findings];
  return new Map(all.map(({ code, level }) => [code, level]));
}

describe('CHECKS', () => {
  it('has a page for every code of our own, each once', () => {
    const declared = CHECKS.map(({ code }) => code);
    assert.deepEqual(declared.length, new Set(declared).size);
    for (const code of Object.keys(CODES).filter((name) => name.startsWith('LTN')))
      assert.ok(declared.includes(code as 'LTN1'), code);
  });

  it('gives codes that reading says the level that they have there', () => {
    for (const { code, level } of CHECKS)
      if (Object.hasOwn(CODES, code)) assert.equal(CODES[code as keyof typeof CODES], level, code);
  });

  // The rules' examples are fragments; their own tests make resources of them.
  for (const { code, level, title, example } of CHECKS.filter((check) => !RULE_CHECKS.includes(check))) {
    it(`finds ${code} in its example: ${title}`, () => {
      const found = codesIn(example, WORLDS[code] ?? { complete: true });
      assert.equal(found.get(code), level, [...found.keys()].join(', '));
    });
  }
});

describe('subsetSelectsNothing', () => {
  const rule = (version: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: r}\nspec: {host: reviews, subsets: [{name: s, labels: {version: ${version}}}]}`;

  it('says nothing of a subset that a registered instance belongs to', () => {
    assert.deepEqual([...codesIn(rule('v1'), WORLDS['LTN0113'] ?? {}).keys()], ['LTN0007']);
    assert.ok(codesIn(rule('v2'), WORLDS['LTN0113'] ?? {}).has('LTN0113'));
  });

  it('says nothing where nobody knows who is registered', () => {
    assert.equal(codesIn(rule('v2'), {}).has('LTN0113'), false);
  });
});

describe('ANALYZERS', () => {
  it('say what they are after', () => {
    for (const { name, description } of ANALYZERS) assert.ok(name !== '' && description !== '', name);
  });

  it('find nothing in nothing', () => {
    assert.deepEqual(analyze([], { complete: true }), []);
  });
});
