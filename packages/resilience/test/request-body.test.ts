import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { requestBody } from '../src/request-body.ts';

async function collect(
  body: ReturnType<ReturnType<typeof requestBody>['open']>,
  chunks = Number.POSITIVE_INFINITY,
): Promise<string> {
  if (body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  let text = '';
  let taken = 0;
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString();
    if (++taken >= chunks) break;
  }
  return text;
}

describe('requestBody', () => {
  it('can send nothing, text and bytes any number of times', async () => {
    for (const [source, text, length] of [
      [null, '', 0],
      [undefined, '', 0],
      ['grüße', 'grüße', 7],
      [Buffer.from('abc'), 'abc', 3],
    ] as const) {
      const body = requestBody(source);
      assert.equal(body.length, length);
      assert.equal(await collect(body.open()), text);
      assert.equal(await collect(body.open()), text);
      assert.ok(body.replayable);
    }
  });

  it('sends a stream again from its first byte, wherever the earlier tries stopped', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
        async (parts, stops) => {
          const body = requestBody(Readable.from(parts));
          for (const stop of stops) await collect(body.open(), stop);
          assert.equal(await collect(body.open()), parts.join(''));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('loses no chunk to a try that was given up while it waited', async () => {
    let give: (chunk: string) => void = () => {};
    async function* source(): AsyncGenerator<string> {
      yield 'a';
      yield await new Promise<string>((resolve) => (give = resolve));
      yield 'c';
    }
    const body = requestBody(source());
    const first = (body.open() as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    await first.next();
    const waiting = first.next();
    const second = collect(body.open());
    await new Promise((resolve) => setImmediate(resolve));
    give('b');
    assert.equal(await second, 'abc');
    assert.equal((await waiting).done, true);
  });

  it('says so once more was sent than is kept', async () => {
    const body = requestBody(Readable.from(['12345', '67890', 'x']), 8);
    assert.equal(await collect(body.open()), '1234567890x');
    assert.equal(body.replayable, false);
    assert.throws(() => body.open(), /more than 8 bytes/);
  });

  it('says of text and bytes beyond a bound that they cannot be sent again', () => {
    assert.equal(requestBody('x'.repeat(11), 64, 10).replayable, false);
    assert.equal(requestBody('x'.repeat(11), 64, 10).open(), 'x'.repeat(11), 'once they can');
    assert.equal(requestBody(Buffer.alloc(10), 64, 10).replayable, true);
  });
});
