/** Where the outside caller's connections come from; the loopback has more than one address on Linux alone. */
export const CALLER_ADDRESS: string = process.platform === 'linux' ? '127.0.0.9' : '127.0.0.1';

/** The recorded caller's address, where a case names no other. */
const RECORDED_ADDRESS = '203.0.113.9';

const FIRST_OFFSET = 10_000;
const OFFSETS = 20;
let next = 0;

/** What stands for the recorded network: ports moved up, and one address for another. */
export class Stage {
  /** Below the ports that the system gives out, and another one for each gateway that runs at the same time. */
  readonly portOffset: number = FIRST_OFFSET + (next++ % OFFSETS) * 100;

  /** The caller's address as it was recorded. */
  asRecorded(text: string, from: string = RECORDED_ADDRESS): string {
    return text.replaceAll(CALLER_ADDRESS, from);
  }
}
