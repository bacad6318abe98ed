import { describe, expect, it } from '@jest/globals';
import { loadModel } from '../../src/cat/index.js';
import { check, type ErrorPlace, type Incompleteness } from '../../src/check/index.js';
import { Source } from '../../src/diagnostics.js';
import { LimitReached, type Limits, look, newWords, tick, within } from '../../src/limits.js';
import { parseLitmus } from '../../src/litmus/index.js';
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

describe('what a thread cannot do', () => {
  /** The errors that executions are in, with the places; the same for every question. */
  function errorsOf(one: Program, model = 'sc'): string[] {
    const [said, ...others] = (['verdict', 'states', 'count'] as const).map((question) => {
      const { flags, errorPlaces } = ask(one, shippedModel(model), always, { question });
      return flags.map((flag) => {
        const { thread, span } = errorPlaces.get(flag) as ErrorPlace;
        return `${flag} P${thread} ${span ? span.source.text.slice(span.start, span.end) : ''}`;
      });
    });
    for (const other of others) expect(other).toEqual(said);
    return said;
  }

  const cells = { p: 0, x: 0, flag: 0 };

  it.each<[string, Instruction[], string]>([
    ['an access to nothing', [load(0, 'p'), placed(load(1, r(0)))], 'null-dereference'],
    ['an access in the middle', [placed(store(addressOf('x', 2), 1))], 'unaligned-access'],
    ['an access behind the end', [placed(store(addressOf('x', 4), 1))], 'out-of-bounds'],
    ['an access before the start', [placed(store(addressOf('x', -4), 1))], 'out-of-bounds'],
    ['an access to a number', [placed(store(constant(123456), 1))], 'wild-access'],
    ['an access to a function', [placed(load(0, addressOf('f')))], 'wild-access'],
    ['a call of data', [placed(call(0, 'x'))], 'bad-call'],
    ['a call of a number', [load(0, 'x'), placed(call(0, r(0)))], 'bad-call'],
    [
      'storing what has no value',
      [load(0, 'x'), placed(store('flag', binary('/', constant(1), r(0))))],
      'division-by-zero',
    ],
    ['a branch on it', [load(0, 'x'), placed(branch(binary('%', constant(1), r(0)), 0))], 'division-by-zero'],
    [
      'a register that ends up with it',
      [load(0, 'x'), placed(assign(1, binary('/', constant(1), r(0))))],
      'division-by-zero',
    ],
    [
      'what is overwritten',
      [load(0, 'x'), placed(assign(1, binary('/', constant(1), r(0)))), assign(1, 2)],
      'division-by-zero',
    ],
    ['a shift to the left by -1', [placed(assign(0, binary('<<', constant(1), constant(-1))))], 'bad-shift'],
    ['a shift by all bits', [placed(assign(0, binary('>>', constant(1), constant(64))))], 'bad-shift'],
    [
      'a sum of two addresses',
      [placed(assign(0, binary('+', addressOf('x'), addressOf('p'))))],
      'bad-arithmetic',
    ],
  ])('is an error of the execution, at its place: %s', (_, code, name) => {
    const one = program({ cells, threads: [code], functions: { f: [] } });
    expect(errorsOf(one)).toEqual([`${name} P0 line`]);
  });

  it.each<[string, Instruction[]]>([
    [
      'what is not computed, right of an operator',
      [
        load(0, 'x'),
        assign(1, binary('&&', r(0), binary('/', constant(1), r(0)))),
        assign(1, binary('||', binary('!=', r(0), constant(1)), binary('/', constant(1), r(0)))),
      ],
    ],
    ['a way that is not taken', [load(0, 'x'), branch(binary('==', r(0), constant(0)), 3), load(1, r(0))]],
    ['what depends on no bits', [assign(1, binary('^', addressOf('x'), addressOf('x')))]],
  ])('is not %s', (_, code) => {
    expect(errorsOf(program({ cells, threads: [code] }))).toEqual([]);
  });

  it('is no fault of the program once it has done another thing that it cannot', () => {
    const code = [load(0, 'p'), placed(load(1, r(0))), assign(2, binary('/', constant(1), constant(0)))];
    expect(errorsOf(program({ cells, threads: [code] }))).toEqual(['null-dereference P0 line']);
  });

  it('leaves the other executions what they are', () => {
    const one = program({ cells, threads: [[load(0, 'p'), load(1, r(0))], [store('p', addressOf('x'))]] });
    const { verdict, states, flags, positive, negative } = ask(one, shippedModel('sc'), registerIs(0, 1, 0), {
      question: 'count',
    });
    expect({ verdict, flags, positive, negative }).toEqual({
      verdict: 'Always',
      flags: ['null-dereference'],
      positive: 1,
      negative: 0,
    });
    expect(states).toHaveLength(1);
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
    expect(errorsOf(one, 'alpha')).toEqual(['null-dereference P1 line']);
    for (const model of ['sc', 'i386']) {
      expect(ask(one, shippedModel(model), always)).toMatchObject({
        verdict: 'Always',
        incomplete: [],
        flags: [],
      });
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
    expect(errorsOf(one)).toEqual(['null-dereference P0 line']);
  });

  it('may be brought about by what stands behind it, where a machine lets that take effect before', () => {
    // P0 stores to flag behind the access; P1 takes the address away once it sees that.
    const use = [load(0, 'p'), placed(load(1, r(0))), store('flag', 1)];
    const remove = [load(0, 'flag'), branch(binary('==', r(0), constant(0)), 3), store('p', 0)];
    const one = program({ cells: { ...cells, p: 'x' }, threads: [use, remove] });
    expect(errorsOf(one, 'alpha')).toEqual(['null-dereference P0 line']);
    for (const model of ['sc', 'i386', 'pso']) expect(errorsOf(one, model)).toEqual([]);
  });

  it('is found out though another thread never comes to its end', () => {
    const forever = [load(0, 'flag'), branch(binary('==', r(0), constant(0)), 0)];
    const one = program({ cells, threads: [[placed(store(constant(0), 1))], forever] });
    expect(errorsOf(one)).toEqual(['null-dereference P0 line']);
  });
});

describe('a monster', () => {
  const lines = (count: number, line: (at: number) => string): string =>
    Array.from({ length: count }, (_, at) => line(at)).join('');
  const thread = (statements: string): string =>
    `C monster\n{}\nP0(int *x) {\n${statements}}\nexists (x=1)\n`;
  const monsters: Readonly<Record<string, string>> = {
    'of many stores': thread(lines(20_000, (at) => `WRITE_ONCE(*x, ${at});\n`)),
    'of many loads': thread(`int r = 0;\n${lines(4000, () => 'r = r + READ_ONCE(*x);\n')}`),
    'of many branches': `X86 monster\n{}\n P0 ;\n${lines(
      600,
      (at) => ` MOV EAX,[x] ;\n CMP EAX,$1 ;\n JE L${at} ;\n MOV [y],$1 ;\n L${at}: ;\n`,
    )}exists (y=2)\n`,
    'of many threads': `C monster\n{}\n${lines(1500, (at) => `P${at}(int *x) { WRITE_ONCE(*x, ${at}); }\n`)}exists (x=1)\n`,
    'of many locations': `C monster\n{${lines(2000, (at) => ` x${at}=${at};`)}}\nP0(int *x1) { WRITE_ONCE(*x1, 1); }\nexists (x1=2)\n`,
    'of many terms': `C monster\n{}\nP0(int *x) { WRITE_ONCE(*x, 1); }\nexists (${lines(20_000, () => 'x=2 /\\ ')}x=2)\n`,
  };

  it.each(Object.entries(monsters))('%s ends, by an answer or by a limit', (_, text) => {
    for (const model of ['i386', 'lkmm', 'alpha-linux']) {
      const start = performance.now();
      const found = answerWithin(1000, () => answerTo(text, model));
      // What cannot be interrupted, and what a busy machine adds.
      expect(performance.now() - start).toBeLessThan(20_000);
      expect(['Never', 'Sometimes', 'Always', 'Unknown']).toContain(found);
    }
  });

  /** Unknown where it cannot even be read in that time. */
  function answerWithin(timeout: number, answer: () => string): string {
    try {
      return within({ timeout }, answer);
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      return 'Unknown';
    }
  }

  function answerTo(text: string, model: string): string {
    const test = parseLitmus(new Source('monster.litmus', text));
    const target = { architecture: model as 'i386' | 'lkmm' | 'alpha-linux', era: '6.x' } as const;
    const { verdict, incomplete } = check(test, shippedModel(model), {
      target,
      timeout: 300,
      maxBytes: 2 ** 26,
    });
    expect(verdict === 'Unknown').toBe(incomplete.length > 0);
    return verdict;
  }

  it('of a model ends by a limit, and one that shares its parts is read at once', () => {
    const shared = (count: number): string =>
      `let r0 = po\n${lines(count, (at) => `let r${at + 1} = r${at}; rf | r${at}\n`)}acyclic r${count}\n`;
    const read = (count: number) => loadModel('shared.cat', shared(count));
    const test = parseLitmus(new Source('sb.litmus', 'X86 sb\n{}\n P0 ;\n MOV [x],$1 ;\nexists (x=1)\n'));
    expect(check(test, read(64)).verdict).toBe('Always');
    expect(() => within({ timeout: 200 }, () => read(20_000))).toThrow(new LimitReached('timeout'));
  });
});

describe('limits', () => {
  it('of a part hold within those of the whole, and end with it', () => {
    const spin = (limits: Limits) => () =>
      within(limits, () => {
        for (;;) tick();
      });
    expect(() => within({ timeout: 20 }, spin({ timeout: 60_000 }))).toThrow(new LimitReached('timeout'));
    expect(() => within({ timeout: 60_000 }, spin({ timeout: 20 }))).toThrow(new LimitReached('timeout'));
    expect(() => within({ cancelled: () => true }, spin({}))).toThrow(new LimitReached('timeout'));
    expect(() => within({ maxBytes: 100, memoryUsed: () => 101 }, spin({}))).toThrow(
      new LimitReached('memory'),
    );
    expect(() => within({ maxBytes: 2 ** 22 }, () => newWords(2 ** 20 + 1))).toThrow(
      new LimitReached('memory'),
    );
    expect(within({ maxBytes: 2 ** 22 }, () => newWords(2 ** 20)).length).toBe(2 ** 20);
    expect(() => within({ effort: 3 }, () => [1, 2, 3, 4].forEach(look))).toThrow(new LimitReached('effort'));
    const deep = (): number => 1 + deep();
    expect(() => within({}, deep)).toThrow(new LimitReached('stack'));
    // Nothing is limited any more.
    for (let at = 0; at < 5000; at++) tick();
    expect(newWords(2 ** 20 + 1).length).toBe(2 ** 20 + 1);
  });
});
