import assert from 'node:assert/strict';
import { compileCors } from '../src/cors.ts';

describe('compileCors', () => {
  it('has the values of headers ready', () => {
    const policy = compileCors({
      allowOrigins: [{ exact: 'https://a.example' }, { prefix: 'https://b.' }, { regex: 'https://[c-d]' }],
      allowMethods: ['GET', 'PUT'],
      allowHeaders: ['x-one', 'x-two'],
      exposeHeaders: ['x-e'],
      maxAge: '1m30.5s',
      allowCredentials: true,
      unmatchedPreflights: 'IGNORE',
    });
    assert.deepEqual(
      [policy?.allowMethods, policy?.allowHeaders, policy?.exposeHeaders, policy?.maxAge, policy?.allowCredentials],
      ['GET,PUT', 'x-one,x-two', 'x-e', '90', true],
    );
    assert.equal(policy?.forwardsUnmatchedPreflights, false);
    const origins = ['https://a.example', 'https://b.example', 'https://c', 'https://A.example', 'https://cc', '*'];
    assert.deepEqual(
      origins.map((origin) => policy?.allowsOrigin(origin)),
      [true, true, true, false, false, false],
    );
  });

  it('leaves out what is not written, and then nobody may', () => {
    const policy = compileCors({ allowMethods: ['*'] });
    assert.deepEqual(
      [policy?.allowHeaders, policy?.exposeHeaders, policy?.maxAge, policy?.allowCredentials],
      ['', '', '', false],
    );
    assert.equal(policy?.forwardsUnmatchedPreflights, true);
    assert.equal(policy?.allowsOrigin('https://a.example'), false);
    assert.equal(compileCors(undefined), undefined);
  });

  it('takes a star as every origin, and the older field as exact origins', () => {
    assert.equal(compileCors({ allowOrigins: [{ exact: '*' }] })?.allowsOrigin('https://any'), true);
    const older = compileCors({ allowOrigin: ['https://a'] });
    assert.deepEqual([older?.allowsOrigin('https://a'), older?.allowsOrigin('https://b')], [true, false]);
  });
});
