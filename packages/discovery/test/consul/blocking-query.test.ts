import assert from 'node:assert/strict';
import { seededRandom } from '@lateen/core';
import { fakeClock, settle } from '@lateen/core/testing';
import { BlockingQuery } from '../../src/consul/blocking-query.ts';
import type { ConsulReply } from '../../src/consul/consul-client.ts';

type Answer = { readonly index: number; readonly data?: string } | Error;

/** A query against a script; what is not scripted waits for ever. */
function scripted(answers: readonly Answer[], onAnswer: (data: string) => void = () => {}) {
  const clock = fakeClock();
  const log: string[] = [];
  const asked: number[] = [];
  const left = [...answers];
  const query = new BlockingQuery<string>({
    clock,
    random: seededRandom(1),
    query: (index) => {
      asked.push(index);
      const answer = left.shift();
      if (answer instanceof Error) return Promise.reject(answer);
      if (!answer) return new Promise<ConsulReply<string>>(() => {});
      return Promise.resolve({ index: answer.index, data: answer.data ?? '', filtered: false });
    },
    onAnswer: ({ data }) => {
      log.push(data);
      onAnswer(data);
    },
    onFailure: (error) => log.push(`failed: ${error.message}`),
    onRecovered: () => log.push('recovered'),
  });
  return { clock, log, asked, query };
}

describe('BlockingQuery', () => {
  it('hands on what is new and waits for more than it has seen', async () => {
    const { clock, log, asked, query } = scripted([
      { index: 5, data: 'a' },
      { index: 5, data: 'a' },
      { index: 9, data: 'b' },
    ]);
    await clock.advanceAsync(1_000);
    assert.deepEqual(log, ['a', 'b']);
    assert.deepEqual(asked, [0, 5, 5, 9]);
    query.close();
  });

  it('asks no faster than ten times a second, however fast the answers come', async () => {
    const { clock, asked, query } = scripted(Array.from({ length: 100 }, (_, index) => ({ index: index + 1 })));
    await clock.advanceAsync(1_000);
    assert.ok(asked.length <= 11, String(asked.length));
    query.close();
  });

  it('goes on after any error, more slowly each time, from scratch, and tells that it is back', async () => {
    const failures = Array.from({ length: 20 }, () => new Error('down'));
    const { clock, log, asked, query } = scripted([{ index: 7, data: 'a' }, ...failures, { index: 3, data: 'b' }]);
    await clock.advanceAsync(60_000);
    assert.deepEqual(log, ['a', ...failures.map(() => 'failed: down'), 'recovered', 'b']);
    assert.deepEqual(asked.slice(0, 4), [0, 7, 0, 0]);
    query.close();
  });

  it('retries within two seconds even after a long outage', async () => {
    const { clock, asked, query } = scripted(Array.from({ length: 1_000 }, () => new Error('down')));
    await clock.advanceAsync(60_000);
    const before = asked.length;
    await clock.advanceAsync(2_000);
    assert.ok(asked.length > before);
    query.close();
  });

  it('takes an index that goes back as a new beginning', async () => {
    const { clock, log, asked, query } = scripted([
      { index: 50, data: 'a' },
      { index: 4, data: 'b' },
      { index: 4, data: 'b' },
    ]);
    await clock.advanceAsync(1_000);
    assert.deepEqual(log, ['a', 'recovered', 'b', 'b']);
    assert.deepEqual(asked, [0, 50, 0, 4]);
    query.close();
  });

  it('does not spin on an index of zero', async () => {
    const { clock, asked, query } = scripted([{ index: 0, data: 'a' }]);
    await clock.advanceAsync(1_000);
    assert.deepEqual(asked, [0, 1]);
    query.close();
  });

  it('asks again for an answer whose listener threw', async () => {
    let refuse = true;
    const { clock, log, query } = scripted(
      [
        { index: 5, data: 'a' },
        { index: 5, data: 'a' },
      ],
      () => {
        if (!refuse) return;
        refuse = false;
        throw new Error('cannot take it');
      },
    );
    await clock.advanceAsync(1_000);
    assert.deepEqual(log, ['a', 'failed: cannot take it', 'recovered', 'a']);
    query.close();
  });

  it('asks nothing more and leaves no timer once closed', async () => {
    const { clock, asked, query } = scripted([new Error('down'), { index: 1 }]);
    await settle();
    query.close();
    await clock.advanceAsync(60_000);
    assert.equal(asked.length, 1);
    assert.equal(clock.pending, 0);
  });
});
