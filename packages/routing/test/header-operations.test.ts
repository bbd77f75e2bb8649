import assert from 'node:assert/strict';
import { removeHeader, setHeader, type RawHeaders } from '@lateen/core';
import { routeOf, tableFrom, to, virtualService } from './support.ts';
import type { HeaderOperations, HeaderValue, Route } from '../src/index.ts';

/** What a client does with the operations of a route and of the destination it drew. */
function applied(route: Route, headers: RawHeaders): string {
  const result = [...headers];
  const destination = route.action.kind === 'forward' ? route.action.destinations[0] : undefined;
  apply(destination?.requestHeaders, result);
  apply(route.requestHeaders, result);
  return result.join(' ');
}

function apply(operations: HeaderOperations | undefined, headers: RawHeaders): void {
  for (const name of operations?.remove ?? []) removeHeader(headers, name);
  for (const [name, value] of operations?.set ?? []) setHeader(headers, name, textOf(value));
  for (const [name, value] of operations?.add ?? []) headers.push(name, textOf(value));
}

/** Variables are the client's business. */
function textOf(value: HeaderValue): string {
  return typeof value === 'string' ? value : value.render((name) => name);
}

function single(rule: string, destination = '{}'): Route {
  const http = `- headers: ${rule}\n  route: [{ destination: { host: ratings }, headers: ${destination} }]`;
  return routeOf(tableFrom(virtualService('ratings', http)).match(to('http://ratings:9080/')));
}

describe('Route.requestHeaders', () => {
  it('sets, adds and removes without regard to the case of names', () => {
    assert.equal(applied(single('{ request: { set: { X-A: new } } }'), ['x-a', '1', 'X-A', '2']), 'x-a new');
    assert.equal(applied(single('{ request: { remove: [X-A] } }'), ['x-a', '1', 'x-b', '2']), 'x-b 2');
    assert.equal(applied(single('{ request: { add: { x-a: new } } }'), ['x-a', '1']), 'x-a 1 x-a new');
  });

  it('removes before it sets and sets before it adds', () => {
    const route = single('{ request: { set: { x-a: set }, add: { x-a: add }, remove: [x-a] } }');
    assert.equal(applied(route, ['x-a', 'old']), 'x-a set x-a add');
  });

  it('joins those of the only destination, which wins', () => {
    const add = single('{ request: { add: { x-a: rule } } }', '{ request: { add: { x-a: dest } } }');
    assert.equal(applied(add, ['x-a', 'old']), 'x-a old x-a rule x-a dest');
    const mixed = single('{ request: { add: { x-a: rule } } }', '{ request: { set: { x-a: dest } } }');
    assert.equal(applied(mixed, ['x-a', 'old']), 'x-a dest x-a rule');
    const removed = single('{ request: { set: { x-a: rule } } }', '{ request: { remove: [x-a] } }');
    assert.equal(applied(removed, ['x-a', 'old']), 'x-a rule');
    const both = single('{ request: { set: { x-a: rule } } }', '{ request: { set: { x-a: dest } } }');
    assert.equal(applied(both, []), 'x-a dest');
  });

  it('lets the rule win over weighted destinations', () => {
    const destination = `{ destination: { host: ratings }, weight: 50, headers: { request: { set: { x-a: dest }, add: { x-b: dest } } } }`;
    const http = `- headers: { request: { set: { x-a: rule }, add: { x-b: rule } } }\n  route: [${destination}, ${destination}]`;
    const route = routeOf(tableFrom(virtualService('ratings', http)).match(to('http://ratings:9080/')));
    assert.equal(applied(route, ['x-b', 'old']), 'x-b old x-b dest x-a rule x-b rule');
  });

  it('does nothing for an empty value', () => {
    assert.equal(single('{ request: { add: { x-a: "" }, set: { x-b: "" } } }').requestHeaders, undefined);
  });

  it('reads a doubled percent sign as one', () => {
    assert.equal(applied(single('{ request: { set: { x-a: "100%%" } } }'), []), 'x-a 100%');
  });

  it('keeps those of the response apart', () => {
    const route = single('{ response: { set: { x-r: rule }, remove: [server] } }');
    assert.equal(route.requestHeaders, undefined);
    assert.deepEqual(route.responseHeaders, { remove: ['server'], set: [['x-r', 'rule']], add: [] });
  });
});
