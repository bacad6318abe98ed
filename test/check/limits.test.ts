import { describe, expect, it } from '@jest/globals';
import { check, type Incompleteness } from '../../src/check/index.js';
import { Source, SourceError } from '../../src/diagnostics.js';
import {
  addressOf,
  binary,
  constant,
  type Instruction,
  type Program,
  type Proposition,
} from '../../src/program/index.js';
import { shippedModel } from '../models.js';
import { ask, modelOf, testOf } from '../oracle/asking.js';
import { assign, branch, call, load, program, r, rmw, store } from '../oracle/code.js';
import { cellIs, not, registerIs } from './statements.js';

const source = new Source('test.litmus', 'first line\n  second line\n');
/** An instruction that stands at the second word of the second line. */
const placed = (instruction: Instruction): Instruction => ({
  ...instruction,
  span: { source, start: 20, end: 24 },
});
const always: Proposition = { kind: 'true' };

describe('a check that is ended early', () => {
  const writes = (from: number) => [1, 2, 3, 4].map((value) => store('x', from + value));
  /** 12 writes to one location: 34650 orders that keep those of the threads. */
  const large = program({ cells: { x: 0 }, threads: [writes(0), writes(10), writes(20)] });
  const ended: Incompleteness[] = [{ kind: 'timeout' }];
  const sc = shippedModel('sc');

  it('is unknown where what was not seen could change the answer', () => {
    const result = ask(large, sc, cellIs(0, 99), { question: 'count', cancelled: () => true });
    expect(result).toMatchObject({ observation: 'Never', verdict: 'Unknown', incomplete: ended });
    expect(result.holds).toBeUndefined();
    const forall = testOf(large, not(cellIs(0, 99)), { quantifier: 'forall' });
    expect(check(forall, sc, { question: 'count', cancelled: () => true })).toMatchObject({
      observation: 'Always',
      verdict: 'Unknown',
      holds: undefined,
    });
  });

  it('is decided by an execution that was seen', () => {
    const seen = ask(large, sc, always, { question: 'count', cancelled: () => true });
    expect(seen).toMatchObject({ observation: 'Always', verdict: 'Unknown', holds: true });
    const refuted = testOf(large, cellIs(0, 99), { quantifier: 'forall' });
    expect(check(refuted, sc, { question: 'count', cancelled: () => true }).holds).toBe(false);
  });

  it('ends after the time that it was given', () => {
    const start = performance.now();
    const result = ask(large, sc, cellIs(0, 99), { question: 'count', timeout: 1 });
    expect(result).toMatchObject({ verdict: 'Unknown', incomplete: ended });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('is not ended while it is told to go on', () => {
    let asked = 0;
    const cancelled = () => ++asked < 0;
    const small = program({ cells: { x: 0 }, threads: [writes(0), writes(10)] });
    // The orders of two sequences of 4: 8 over 4.
    expect(ask(small, sc, always, { question: 'count', cancelled })).toMatchObject({
      positive: 70,
      incomplete: [],
    });
  });

  it('is ended among the ways of one thread, of which there can be very many', () => {
    const choices = Array.from({ length: 16 }, (_, at) => [
      load(0, 'x'),
      branch(r(0), 3 * at + 3),
      store('y', at),
    ]);
    const one = program({ cells: { x: 0, y: 0 }, threads: [choices.flat(), [store('x', 1)]] });
    const start = performance.now();
    expect(ask(one, sc, always, { timeout: 1 })).toMatchObject({ verdict: 'Unknown', incomplete: ended });
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('is ended among many combinations of paths, each of them small', () => {
    const handlers = [1, 2, 3, 4].map(() => ({ code: [store('x', 1)], interrupt: 'nmi' as const }));
    const one = program({ cells: { x: 0 }, threads: [[store('x', 2), store('x', 3)], ...handlers] });
    const result = ask(one, sc, always, { question: 'count', cancelled: () => true });
    expect(result.incomplete).toEqual(ended);
  });
});

describe('a check that cannot be complete', () => {
  it('says where loops were cut, and leaves open what they could change', () => {
    const isZero = binary('==', r(0), constant(0));
    const spin = [load(0, 'x'), placed(branch(isZero, 0)), store('y', 1)];
    const one = program({ cells: { x: 0, y: 0 }, threads: [spin, [store('x', 1)]] });
    const result = ask(one, shippedModel('sc'), cellIs(1, 2));
    expect(result).toMatchObject({ observation: 'Never', verdict: 'Unknown', holds: undefined });
    expect(result.incomplete).toEqual([{ kind: 'unrolling', places: [{ source, start: 20, end: 24 }] }]);
    expect(ask(one, shippedModel('sc'), registerIs(1, 0, 0)).verdict).toBe('Unknown');
  });

  it('does not take a false dependency for a value that depends on itself', () => {
    const zero = binary('^', r(0), r(0));
    const feign = (from: string, to: string) => [load(0, from), store(to, binary('+', zero, constant(1)))];
    const one = program({ cells: { x: 0, y: 0 }, threads: [feign('x', 'y'), feign('y', 'x')] });
    const model = modelOf('coherence', 'acyclic po-loc | rf | co | fr');
    expect(ask(one, model, registerIs(0, 0, 1), { question: 'count' })).toMatchObject({
      positive: 2,
      incomplete: [],
    });
  });
});

describe('the flags of a model', () => {
  it('are named when some execution raises them', () => {
    const text =
      'acyclic po | rf | co | fr\nflag ~empty rmw as atomics\nflag ~empty rf & ext as read-from-others';
    const model = modelOf('flags', text);
    const plain = program({ cells: { x: 0 }, threads: [[store('x', 1)], [load(0, 'x')]] });
    expect(ask(plain, model, always).flags).toEqual(['read-from-others']);
    const atomic = program({ cells: { x: 0 }, threads: [[rmw(0, 'x', 1)], [load(0, 'x')]] });
    expect(ask(atomic, model, always).flags).toEqual(['atomics', 'read-from-others']);
  });
});

describe('what no program may do', () => {
  function messageOf(one: Program, model = 'sc'): string {
    for (const question of ['states', 'count'] as const) {
      expect(() => ask(one, shippedModel(model), always, { question })).toThrow(SourceError);
    }
    try {
      ask(one, shippedModel(model), always);
    } catch (error) {
      return (error as Error).message.split('\n')[0];
    }
    return 'no error';
  }

  const cells = { p: 0, x: 0, flag: 0 };
  const place = 'test.litmus:2:10';

  it.each<[string, Instruction[], string]>([
    [
      'an access to nothing',
      [load(0, 'p'), placed(load(1, r(0)))],
      `${place}: test: access to address 0, which is no object's`,
    ],
    [
      'an access beside a location',
      [placed(store(addressOf('x', 2), 1))],
      `${place}: test: access to x+2, which is no data in memory`,
    ],
    [
      'an access to a function',
      [placed(load(0, addressOf('f')))],
      `${place}: test: access to f, which is no data in memory`,
    ],
    ['a call of data', [placed(call(0, 'x'))], `${place}: test: call of x, which is no function`],
    [
      'a call of a number',
      [load(0, 'x'), placed(call(0, r(0)))],
      `${place}: test: call of address 0, which is no function`,
    ],
    [
      'storing what has no value',
      [load(0, 'x'), placed(store('flag', binary('/', constant(1), r(0))))],
      `${place}: test: an operation without a value (see the operands)`,
    ],
    [
      'a branch on what has no value',
      [load(0, 'x'), branch(binary('%', constant(1), r(0)), 0)],
      'program:1:1: test: a condition without a value',
    ],
    [
      'a register that ends up with what has no value',
      [load(0, 'x'), assign(1, binary('/', constant(1), r(0)))],
      'program:1:1: test: a register with the result of an operation without a value',
    ],
  ])('is reported: %s', (_, code, message) => {
    const one = program({ cells, threads: [code], functions: { f: [] } });
    expect(messageOf(one)).toBe(message);
  });

  it('is reported where some execution does it, and only there', () => {
    const publish = [store('p', addressOf('x')), store('flag', 1)];
    const use = [
      load(0, 'flag'),
      branch(binary('==', r(0), constant(0)), 4),
      load(1, 'p'),
      placed(store(r(1), 1)),
    ];
    const one = program({ cells, threads: [publish, use] });
    expect(messageOf(one, 'alpha')).toBe(`${place}: test: access to address 0, which is no object's`);
    for (const model of ['sc', 'i386']) {
      expect(ask(one, shippedModel(model), always)).toMatchObject({ verdict: 'Always', incomplete: [] });
    }
  });

  it('is reported also when the answer is known before', () => {
    // The first executions that are found satisfy the statement; only a later one goes wrong.
    const code = [
      load(0, 'flag'),
      branch(binary('==', r(0), constant(0)), 4),
      load(1, 'p'),
      placed(store(r(1), 1)),
    ];
    const one = program({ cells, threads: [code, [store('flag', 1)]] });
    expect(messageOf(one)).toBe(`${place}: test: access to address 0, which is no object's`);
  });
});
