import assert from 'node:assert/strict';
import type { Check } from '../kit/check.ts';
import { lateenOf } from '../kit/cli.ts';
import type { Fixture } from './fixture.ts';

export const badResources: Check<Fixture> = {
  name: 'unknown-field-and-bad-yaml',
  async run({ bookinfo }, report) {
    const { revision } = await bookinfo.admin.status();
    const unknown = await lateenOf(bookinfo, ['apply', '-f', '-'], SERVICE_WITH.replace('FIELD', 'hostz: [reviews]'));
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr + unknown.stdout, /stdin:\d+.*hostz/s);
    const broken = await lateenOf(bookinfo, ['apply', '-f', '-'], 'kind: VirtualService\n  spec: [');
    assert.equal(broken.code, 1);
    assert.match(broken.stderr + broken.stdout, /stdin:\d+/);
    assert.equal((await bookinfo.admin.status()).revision, revision, 'nothing changed');
    report.say(firstLine(unknown.stderr || unknown.stdout));
  },
};

function firstLine(text: string): string {
  return `“${text.trim().split('\n')[0]}”`;
}

const SERVICE_WITH = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews }
spec:
  hosts: [reviews]
  FIELD
  http: [{ route: [{ destination: { host: reviews } }] }]
`;
