import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { FrameWriter } from '../../src/frame/frame-writer.ts';
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { HpackEncoder, InvalidFieldError } from '../../src/hpack/encoder.ts';
import { FieldList } from '../../src/hpack/field-list.ts';
import { huffmanDecode, huffmanEncode, huffmanLength } from '../../src/hpack/huffman.ts';

type Pair = readonly [string, string];

/** Both ends of one connection's direction. */
class Pipe {
  readonly writer = new FrameWriter(new Writable({ write: (_chunk, _encoding, done) => done() }));
  readonly encoder: HpackEncoder;
  readonly decoder: HpackDecoder;

  constructor(tableBytes = 4096) {
    this.encoder = new HpackEncoder(this.writer, tableBytes);
    this.decoder = new HpackDecoder(Math.max(tableBytes, 4096));
  }

  encode(pairs: readonly Pair[]): Buffer {
    this.writer.beginFrame(1, 4, 1);
    this.encoder.begin();
    for (const [name, value] of pairs) this.encoder.write(this.encoder.nameOf(name), value);
    return this.writer.takePayload();
  }

  decode(block: Buffer): Pair[] {
    const list = new FieldList(1_000_000, 10_000);
    this.decoder.decode(block, 0, block.length, list);
    return list.fields.slice(0, list.length).map(({ name, value }) => [name, value]);
  }
}

const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('accept', 'content-type', 'x-tenant', 'cookie', 'authorization', 'set-cookie', ':path', 'date'),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[a-z0-9!#$%&'*+.^_`|~-]{1,12}$/) },
);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('', 'a', 'application/json', 'x'.repeat(300), 'é', '/') },
  { weight: 1, arbitrary: fc.stringMatching(/^[!-~¡-ÿ]([\t -~¡-ÿ]{0,40}[!-~¡-ÿ])?$/) },
);
const list = fc.array(fc.tuple(name, value), { maxLength: 12 });

describe('HpackEncoder', () => {
  it('is read back field for field, over blocks that share tables, whatever sizes the peer asks for', () => {
    const step = fc.record({ list, tableBytes: fc.option(fc.constantFrom(0, 32, 64, 200, 1000, 4096, 60_000), { freq: 6 }) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), fc.constantFrom(4096, 256, 0), (steps, limit) => {
        const pipe = new Pipe(limit);
        for (const { list, tableBytes } of steps) {
          if (tableBytes !== null) pipe.encoder.setPeerTableSize(tableBytes);
          assert.deepEqual(pipe.decode(pipe.encode(list)), list);
          assert.equal(pipe.decoder.tableSize, pipe.encoder.tableSize);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('sends every repeated field as one byte', () => {
    const pipe = new Pipe();
    const fields: Pair[] = Array.from({ length: 12 }, (_, at) => [`x-field-${at}`, `value ${at}`]);
    pipe.decode(pipe.encode(fields));
    pipe.decode(pipe.encode(fields));
    const block = pipe.encode(fields);
    assert.equal(block.length, fields.length);
    assert.deepEqual(pipe.decode(block), fields);
  });

  it('keeps what changes with every call out of the table', () => {
    const pipe = new Pipe();
    for (let call = 0; call < 200; call++)
      pipe.decode(
        pipe.encode([
          ['x-request-id', `id-${call}`],
          ['accept', 'a/b'],
        ]),
      );
    assert.equal(pipe.encoder.tableSize, 'accept'.length + 3 + 32);
  });

  it('never indexes short secrets, and marks them so (RFC 7541 §7.1.3)', () => {
    const pipe = new Pipe();
    for (let call = 0; call < 3; call++) {
      const block = pipe.encode([['authorization', 'Basic c2VjcmV0']]);
      assert.equal((block[0] as number) & 0xf0, 0x10);
      assert.deepEqual(pipe.decode(block), [['authorization', 'Basic c2VjcmV0']]);
    }
    assert.equal(pipe.encoder.tableSize, 0);
  });

  it('stays in step with its peer after a block that was given up', () => {
    const pipe = new Pipe();
    const good: Pair[] = [
      ['x-a', '1'],
      ['x-b', '2'],
    ];
    pipe.decode(pipe.encode(good));
    pipe.decode(pipe.encode(good));
    pipe.writer.beginFrame(1, 4, 1);
    pipe.encoder.begin();
    for (let again = 0; again < 2; again++) pipe.encoder.write(pipe.encoder.nameOf('x-lost'), 'never sent');
    assert.throws(() => pipe.encoder.write(pipe.encoder.nameOf('x-bad'), 'a\r\nb'), InvalidFieldError);
    pipe.writer.dropFrame();
    pipe.encoder.abandon();
    for (let again = 0; again < 3; again++) assert.deepEqual(pipe.decode(pipe.encode(good)), good);
  });

  for (const [what, name, value] of [
    ['a line feed', 'x-a', 'a\nb'],
    ['a NUL', 'x-a', 'a\0b'],
    ['a character beyond Latin-1', 'x-a', 'a€'],
    ['a blank in a name', 'x a', 'b'],
    ['an empty name', '', 'b'],
  ] as const) {
    it(`refuses ${what}`, () => {
      const pipe = new Pipe();
      assert.throws(() => pipe.encode([[name, value]]), InvalidFieldError);
    });
  }

  it('remembers no more than so many names', () => {
    const pipe = new Pipe();
    for (let at = 0; at < 3000; at++) {
      const fields: Pair[] = [[`x-${at}`, 'same']];
      assert.deepEqual(pipe.decode(pipe.encode(fields)), fields);
      assert.equal(pipe.decoder.tableSize, pipe.encoder.tableSize);
    }
  });
});

describe('huffmanEncode', () => {
  it('is read back byte for byte', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).latin1Slice();
        const target = Buffer.alloc(huffmanLength(text));
        assert.equal(huffmanEncode(text, target, 0), target.length);
        assert.equal(huffmanDecode(target, 0, target.length), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('codes every symbol', () => {
    const text = Buffer.from(Uint8Array.from({ length: 256 }, (_, at) => at)).latin1Slice();
    const target = Buffer.alloc(huffmanLength(text));
    huffmanEncode(text, target, 0);
    assert.equal(huffmanDecode(target, 0, target.length), text);
  });
});
