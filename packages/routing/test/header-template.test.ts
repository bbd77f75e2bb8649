import assert from 'node:assert/strict';
import { compileHeaderValue } from '../src/header-template.ts';

const rendered = (text: string): string => {
  const value = compileHeaderValue(text);
  return typeof value === 'string' ? value : value.render((name, argument) => (argument === '' ? name : `${name}<${argument}>`));
};

describe('compileHeaderValue', () => {
  it('leaves plain text as it is and reads %% as a percent sign', () => {
    assert.equal(compileHeaderValue('plain'), 'plain');
    assert.equal(compileHeaderValue('100%%'), '100%');
    assert.equal(compileHeaderValue('a%%b%%c'), 'a%b%c');
  });

  it('fills variables in, with arguments', () => {
    assert.equal(rendered('%PROTOCOL%'), 'PROTOCOL');
    assert.equal(rendered('a %REQ(x-a?x-b)% b'), 'a REQ<x-a?x-b> b');
    assert.equal(rendered('50%% by %START_TIME(%s.%3f)%'), '50% by START_TIME<%s.%3f>');
    assert.equal(rendered('%PROTOCOL%%PROTOCOL%'), 'PROTOCOLPROTOCOL');
  });
});
