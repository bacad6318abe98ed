import { describe, expect, it } from '@jest/globals';
import { loadShipped } from './loading.js';

describe('a model without tags that a program has not', () => {
  const model = loadShipped('lkmm');
  const first = new Set(['Mb']);

  it('is made once', () => {
    expect(model.without(new Set(first))).toBe(model.without(first));
  });

  it('is forgotten when hundreds of others were made since, and made again as it was', () => {
    const before = model.without(first);
    for (let number = 0; number < 300; number++) model.without(new Set([`tag-${number}`]));
    const after = model.without(first);
    expect(after).not.toBe(before);
    expect(after.checks.map(({ name }) => name)).toEqual(before.checks.map(({ name }) => name));
  });

  it('stays while it is used', () => {
    const used = model.without(first);
    for (let number = 0; number < 300; number++) {
      model.without(new Set([`other-${number}`]));
      expect(model.without(first)).toBe(used);
    }
  });
});
