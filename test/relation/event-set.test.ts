import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventSet, EventSetBuilder } from '../../src/relation/index.js';
import { runs } from '../seed.js';
import { setsOver, sizes } from './arbitrary.js';
import { membersOf, type NaiveSet, setOf, wordsOfSet } from './oracle.js';

const pairs = sizes.chain((n) => fc.record({ n: fc.constant(n), a: setsOver(n), b: setsOver(n) }));
const made = (a: NaiveSet) => EventSet.from(a.length, membersOf(a));

describe('EventSet', () => {
  test('prints, counts and iterates its members', () => {
    const set = EventSet.of(70, 65, 3, 0);
    expect(`${set}`).toBe('{0, 3, 65}');
    expect([...set]).toEqual([0, 3, 65]);
    expect(set.count()).toBe(3);
    expect(set.size).toBe(70);
    expect([0, 1, 3, 65, 69].map((event) => set.has(event))).toEqual([true, false, true, true, false]);
    expect(`${EventSet.empty(0)}`).toBe('{}');
    expect(`${EventSet.full(4)}`).toBe('{0, 1, 2, 3}');
  });

  test('operations agree with their definitions', () => {
    fc.assert(
      fc.property(pairs, ({ n, a, b }) => {
        const [x, y] = [made(a), made(b)];
        const members = (has: (i: number) => boolean) => membersOf(setOf(n, has));
        expect([...x]).toEqual(membersOf(a));
        expect([...x.union(y)]).toEqual(members((i) => a[i] || b[i]));
        expect([...x.intersection(y)]).toEqual(members((i) => a[i] && b[i]));
        expect([...x.difference(y)]).toEqual(members((i) => a[i] && !b[i]));
        expect([...x.complement()]).toEqual(members((i) => !a[i]));
        expect(x.count()).toBe(membersOf(a).length);
        expect(x.isEmpty()).toBe(!a.includes(true));
        expect(x.equals(y)).toBe(a.every((is, i) => is === b[i]));
        expect(x.equals(made(a))).toBe(true);
        expect(x.complement().complement().equals(x)).toBe(true);
      }),
      runs(150),
    );
  });

  test('goes to an arena and back', () => {
    fc.assert(
      fc.property(pairs, ({ n, a }) => {
        const words = wordsOfSet(a);
        const m = new Int32Array(words.length + 4).fill(-1);
        made(a).copyTo(m, 2);
        expect([...m]).toEqual([-1, -1, ...words, -1, -1]);
        const back = EventSet.fromArena(m, 2, n);
        m.fill(0);
        expect(back.equals(made(a))).toBe(true);
      }),
      runs(100),
    );
  });

  test('a builder goes on after it has built', () => {
    const builder = new EventSetBuilder(40).add(1).add(33).remove(1);
    const first = builder.build();
    builder.add(2);
    expect(`${first}`).toBe('{33}');
    expect(`${EventSetBuilder.from(first).add(5).build()}`).toBe('{5, 33}');
    expect([builder.has(2), builder.has(5)]).toEqual([true, false]);
    expect(`${first} ${builder.build()}`).toBe('{33} {2, 33}');
  });

  test('errors name the values that were wrong', () => {
    const set = EventSet.of(3, 1);
    expect(() => set.has(3)).toThrow(new RangeError('event 3 is out of range for size 3'));
    expect(() => set.has(-1)).toThrow('event -1 is out of range for size 3');
    expect(() => EventSet.of(3, 0.5)).toThrow('event 0.5 is out of range for size 3');
    expect(() => new EventSetBuilder(2).remove(2)).toThrow('event 2 is out of range for size 2');
    expect(() => set.union(EventSet.empty(4))).toThrow(new RangeError('sizes differ: 3 and 4'));
    expect(() => EventSet.empty(-1)).toThrow(new RangeError('size -1 is not a number of events'));
    expect(() => EventSet.full(1.5)).toThrow('size 1.5 is not a number of events');
    expect(() => EventSet.fromArena(new Int32Array(2), 1, 40)).toThrow(
      new RangeError('2 words at offset 1 are not within an arena of 2 words'),
    );
    expect(() => EventSet.fromArena(Int32Array.of(8), 0, 3)).toThrow(
      new RangeError('row 0 at offset 0 has bits beyond its 3 events'),
    );
    expect(set.equals(EventSet.of(4, 1))).toBe(false);
  });
});
