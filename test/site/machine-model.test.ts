import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { answer } from '../../site/engine/answers.js';
import { riddleOf, shownMachine } from '../../site/logic/machine-model.js';
import type { MachineSight, WalkAnswer } from '../../site/logic/protocol.js';
import { machinesFor } from '../../site/logic/targets.js';
import { shippedTests } from '../../src/index.js';
import { runs } from '../seed.js';

const nothing = (): void => {};

function walk(path: string, machine: string, choices: readonly number[]): WalkAnswer {
  const text = shippedTests[path];
  const found = answer('walk', { text, machine, kernel: '2.6', choices, limit: 10_000 }, nothing);
  if ('problem' in found) throw new Error(found.problem.message);
  return found;
}

const sight = (parts: readonly string[], value = '0'): MachineSight => ({
  memory: [{ name: 'x', value }],
  cpus: [{ name: 'CPU0', threads: [], parts: [{ name: 'store buffer', entries: parts }] }],
});

const entriesOf = (now: readonly string[], before: readonly string[]) =>
  shownMachine(sight(now), sight(before)).cpus[0].parts[0].entries;

describe('what is shown of a machine', () => {
  it('tells what has come, what has gone and what has stayed', () => {
    expect(entriesOf(['b', 'c'], ['a', 'b'])).toEqual([
      { text: 'a', is: 'gone' },
      { text: 'b', is: 'kept' },
      { text: 'c', is: 'new' },
    ]);
    expect(shownMachine(sight([], '1'), sight([], '0')).memory).toEqual([
      { name: 'x', value: '1', isNew: true },
    ]);
    expect(shownMachine(sight(['a'])).memory[0].isNew).toBe(false);
  });

  it('leaves out nothing: without what has gone it is now, without what is new it was before', () => {
    const entries = fc.array(fc.constantFrom('x = 1', 'y = 1', 'x = 2'), { maxLength: 6 });
    fc.assert(
      fc.property(entries, entries, (now, before) => {
        const shown = entriesOf(now, before);
        const but = (is: string) => shown.filter((entry) => entry.is !== is).map(({ text }) => text);
        expect(but('gone')).toEqual(now);
        expect(but('new')).toEqual(before);
      }),
      runs(100),
    );
  });
});

describe('riddles', () => {
  it('leave out what a step finds, and have it among their choices', () => {
    const paths = ['classic/c/MP.litmus', 'nmi/other-cpu-global-plain-load.litmus', 'classic/c/SB.litmus'];
    let asked = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.constantFrom(...machinesFor('C')),
        fc.array(fc.nat(), { maxLength: 14 }),
        (path, machine, picks) => {
          let at = walk(path, machine, []);
          const choices: number[] = [];
          for (const pick of picks) {
            if (at.options.length === 0) break;
            choices.push(pick % at.options.length);
            for (const option of at.options) {
              const riddle = riddleOf(option, at.view);
              if (!riddle) continue;
              asked++;
              expect(riddle.choices).toContain(riddle.answer);
              expect(riddle.choices.length).toBeGreaterThan(1);
              expect(option).toContain(riddle.answer);
              expect(riddle.text).toMatch(/loads? \S+ = \?$/);
            }
            at = walk(path, machine, choices);
          }
        },
      ),
      runs(60),
    );
    expect(asked).toBeGreaterThan(50);
  });

  it('are about loads alone', () => {
    expect(riddleOf('CPU0 stores x = 1 into its store buffer', sight([]))).toBeUndefined();
    expect(riddleOf('CPU1 loads x = 0 from memory', sight(['x = 1']))).toEqual({
      text: 'CPU1 loads x = ?',
      answer: '0',
      choices: ['0', '1'],
    });
    expect(riddleOf('CPU1 loads x: hit in bank 0, old value 0', sight([], '1'))).toMatchObject({
      answer: '0',
      choices: ['0', '1'],
    });
  });
});

describe('walks', () => {
  it('lead the shortest way to the stale load of the Quick Quiz', () => {
    const path = 'nmi/other-cpu-global-plain-load.litmus';
    const request = {
      text: shippedTests[path],
      machine: 'alpha-21264',
      kernel: '2.6',
      choices: [],
      limit: 30_000,
    };
    const way = answer('way', request, nothing);
    expect(way).toMatchObject({ kind: 'way' });
    if (!('kind' in way) || way.kind !== 'way') return;
    const end = walk(path, 'alpha-21264', way.choices);
    expect(end.end).toMatchObject({ text: '[handler_saw]=0;', satisfies: true });
    expect(end.told.some((step) => /loads my_data: hit in bank \d, old value 0/.test(step))).toBe(true);
  });

  it('end before a choice that there is not', () => {
    expect(walk('classic/c/SB.litmus', 'i386', [0, 99, 0]).told).toHaveLength(1);
  });
});
