import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Cancellable, Cancellation } from '../src/cancellation.ts';

class Member implements Cancellable {
  cancelNext: Cancellable | null = null;
  cancelPrevious: Cancellable | null = null;
  cancelOwner: Cancellation | null = null;
  readonly reasons: unknown[] = [];
  onCancel(reason: unknown): void {
    this.reasons.push(reason);
  }
}

describe('Cancellation', () => {
  it('tells exactly those that joined and did not leave, once', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 30 }), fc.array(fc.nat(29)), (stays, order) => {
        const cancellation = new Cancellation();
        const members = stays.map(() => new Member());
        for (const member of members) cancellation.add(member);
        for (const index of order) if (stays[index] === false) cancellation.remove(members[index] as Member);
        stays.forEach((stay, index) => stay || cancellation.remove(members[index] as Member));
        cancellation.cancel('gone');
        cancellation.cancel('again');
        stays.forEach((stay, index) => assert.deepEqual((members[index] as Member).reasons, stay ? ['gone'] : []));
      }),
    );
  });

  it('tells a latecomer at once and does not keep it', () => {
    const cancellation = new Cancellation();
    cancellation.cancel('gone');
    const member = new Member();
    cancellation.add(member);
    assert.deepEqual(member.reasons, ['gone']);
    assert.equal(member.cancelOwner, null);
  });

  it('makes a signal only when asked, also afterwards', () => {
    const early = new Cancellation();
    const signal = early.signal;
    early.cancel('why');
    assert.equal(signal.aborted && signal.reason, 'why');
    const late = new Cancellation();
    late.cancel('why');
    assert.equal(late.signal.reason, 'why');
  });
});
