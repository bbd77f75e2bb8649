import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { type Random, seededRandom } from '@lateen/core';
import { FrameWriter } from '../../src/frame/frame-writer.ts';
import { HpackDecoder } from '../../src/hpack/decoder.ts';
import { HpackEncoder } from '../../src/hpack/encoder.ts';
import { FieldList } from '../../src/hpack/field-list.ts';

const NAMES = [
  'accept',
  'content-type',
  'cookie',
  'authorization',
  'set-cookie',
  'date',
  ':path',
  'x-request-id',
  'x-tenant',
  'grpc-status',
];

function text(random: Random, length: number, from: number, to: number): string {
  let made = '';
  for (let at = 0; at < length; at++) made += String.fromCharCode(from + random.int(to - from));
  return made;
}

function field(random: Random): [name: string, value: string] {
  const name = random.int(4) === 0 ? text(random, 1 + random.int(12), 97, 123) : (NAMES[random.int(NAMES.length)] as string);
  if (random.int(3) > 0) return [name, `value-${random.int(20)}`];
  const length = random.int(random.int(20) === 0 ? 3000 : 40);
  return [name, random.int(2) === 0 ? text(random, length, 33, 127) : text(random, length, 161, 256)];
}

/** Sends `lists` random field lists through an encoder and a decoder that share tables of changing sizes. Throws where one is not read back as it was. */
export function roundTrips(seed: number, lists: number): void {
  const random = seededRandom(seed);
  const writer = new FrameWriter(new Writable({ write: (_chunk, _encoding, done) => done() }));
  const encoder = new HpackEncoder(writer);
  const decoder = new HpackDecoder();
  const list = new FieldList(10_000_000, 10_000);
  for (let at = 0; at < lists; at++) {
    if (random.int(20) === 0) encoder.setPeerTableSize(random.int(3) === 0 ? random.int(200) : random.int(6000));
    const fields = Array.from({ length: random.int(10) }, () => field(random));
    writer.beginFrame(1, 4, 1);
    encoder.begin();
    for (const [name, value] of fields) encoder.write(encoder.nameOf(name), value);
    const block = writer.takePayload();
    list.clear();
    decoder.decode(block, 0, block.length, list);
    assert.equal(list.length, fields.length);
    for (const [index, [name, value]] of fields.entries()) {
      const read = list.fields[index];
      if (read?.name !== name || read.value !== value)
        assert.fail(`seed ${seed}, list ${at}: ${name}: ${value} was read as ${read?.name}: ${read?.value}`);
    }
    assert.equal(decoder.tableSize, encoder.tableSize);
  }
}
