import assert from 'node:assert/strict';
import { renderDefaults } from '../src/index.ts';

describe('renderDefaults', () => {
  it('writes one row for each absent block and a column for each profile', () => {
    const lines = renderDefaults().split('\n');
    assert.equal(lines[0], '| where nobody wrote … | `istio` | `lateen` |');
    assert.ok(lines.every((line) => line.split('|').length === 5));
    const row = (name: string): string => lines.find((line) => line.startsWith(`| ${name} |`)) ?? '';
    assert.match(row('`loadBalancer`'), /LEAST_REQUEST.*PEAK_EWMA/);
    assert.match(row('`outlierDetection`'), /none.*5 failures in a row.*5s.*50 %/);
    assert.match(row('`retries`'), /2 more tries on connect-failure.*2 more tries on .*reset-on-reused-connection/);
    assert.match(row('`retryBudget`'), /none \| 20 % of all requests \+ 3\/s/);
  });
});
