import assert from 'node:assert/strict';
import type { Fixture } from './bad-input/fixture.ts';
import { unreachableLateend, wrongClock, wrongToken } from './bad-input/joins.ts';
import { hugeHeader, streamBody, unknownHost } from './bad-input/requests.ts';
import { badResources } from './bad-input/resources.ts';
import { busyPorts, failedStarts } from './bad-input/starts.ts';
import { Bookinfo } from './kit/bookinfo.ts';
import { point } from './kit/check.ts';
import { startLoad } from './kit/load.ts';

/** Each ends in one sentence that names the place and the mend; nothing crashes, and no work beside it is lost. */
export const badInput = point<Fixture>({
  id: '4.8',
  async open() {
    const bookinfo = await Bookinfo.start('bad-input', 8_000);
    return { bookinfo, load: startLoad(bookinfo.pageUrl, 40) };
  },
  async close({ bookinfo, load }) {
    await load.finish();
    await bookinfo.stop();
  },
  checks: [
    badResources,
    unreachableLateend,
    wrongToken,
    busyPorts,
    failedStarts,
    hugeHeader,
    streamBody,
    unknownHost,
    wrongClock,
    {
      name: 'nothing-crashed-and-no-work-was-lost',
      async run({ bookinfo, load }, report) {
        const { requests, failures } = await load.finish();
        assert.deepEqual(failures, []);
        assert.ok([...bookinfo.deployment.processes.values()].every(({ running }) => running));
        report.say(`${requests} pages meanwhile, 0 failed`);
      },
    },
  ],
});
