'use strict';
// Mocha's own `dot` output, then one line a machine can read: `N passed, N failed, N skipped`.
const { Dot } = require('mocha').reporters;

module.exports = class CountingReporter extends Dot {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    process.stdout.write(`${passes} passed, ${failures} failed, ${pending} skipped\n`);
  }
};
