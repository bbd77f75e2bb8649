import assert from 'node:assert/strict';
import type { Request } from 'express';
import { routeTemplates } from '../src/route-templates.ts';

const routed = (baseUrl: string, path: unknown): Request => ({ baseUrl, route: { path } }) as Request;

describe('routeTemplates', () => {
  it('puts mount and route together', () => {
    const templateOf = routeTemplates();
    assert.equal(templateOf(routed('', '/reviews/:id')), '/reviews/:id');
    assert.equal(templateOf(routed('/api', '/reviews/:id')), '/api/reviews/:id');
  });

  it('knows no template where no route matched, or one that is no string', () => {
    const templateOf = routeTemplates();
    assert.equal(templateOf({ baseUrl: '' } as Request), undefined);
    assert.equal(templateOf(routed('', /x/)), undefined);
  });

  it('names no more than a hundred mounts', () => {
    const templateOf = routeTemplates();
    const names = new Set(Array.from({ length: 500 }, (_, id) => templateOf(routed(`/users/${id}`, '/posts'))));
    assert.equal(names.size, 101);
    assert.ok(names.has('/*/posts'));
    assert.equal(templateOf(routed('/users/7', '/posts')), '/users/7/posts');
  });
});
