import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { registerName } from '../../src/litmus/alpha/alpha-grammar.js';
import { runs } from '../seed.js';
import { codeOf, read, runAlone, single } from './reading.js';
import { showCode } from './show-code.js';

const code = (...lines: string[]): string[] =>
  showCode(codeOf(single('Alpha', lines))).map((line) => line.trimEnd());
const outcome = (lines: readonly string[], init = '') => runAlone(read(single('Alpha', lines, init)));

describe('Alpha registers', () => {
  it.each([
    ['R1', 'R1'],
    ['r31', 'R31'],
    ['$5', 'R5'],
    ['$r7', 'R7'],
    ['$V0', 'R0'],
    ['$t12', 'R27'],
    ['$a5', 'R21'],
    ['$fp', 'R15'],
    ['$zero', 'R31'],
    ['R01', 'R1'],
    ['R32', undefined],
    ['a0', undefined],
    ['5', undefined],
    ['$constructor', undefined],
    ['F1', undefined],
  ])('%s is %s', (written, name) => {
    expect(registerName(written)).toBe(name);
  });
});

describe('Alpha instructions', () => {
  it.each<[string, string[]]>([
    ['LDQ R1,0(R2)', ['R1 = load s64 R2']],
    ['ldq $1 , 8($2)', ['R1 = load s64 (R2 + 8)']],
    ['LDL R1,-4(R2)', ['R1 = load s32 (R2 + -4)']],
    ['LDQ R1,(R2)', ['R1 = load s64 R2']],
    ['LDQ R1,x', ['R1 = load s64 &x']],
    ['LDQ R1,[x]', ['R1 = load s64 &x']],
    ['LDQ R31,x', []],
    ['STQ R1,x', ['store s64 &x <- R1']],
    ['STL R31,0(R2)', ['store s32 R2 <- 0']],
    ['LDA R1,5(R31)', ['R1 = 5']],
    ['LDA R1,#5', ['R1 = 5']],
    ['LDA R1,8(R2)', ['R1 = s64((R2 + 8))']],
    ['LDA R1,x', ['R1 = &x']],
    ['LDAH R1,1(R31)', ['R1 = 65536']],
    ['MB', ['fence MB']],
    ['wmb', ['fence WMB']],
    ['ADDQ R1,R2,R3', ['R3 = s64((R1 + R2))']],
    ['ADDQ R1,#1,R1', ['R1 = s64((R1 + 1))']],
    ['SUBL R1,1,R1', ['R1 = s32((R1 - 1))']],
    ['S8ADDQ R1,R2,R3', ['R3 = s64(((R1 * 8) + R2))']],
    ['BIS R31,R1,R2', ['R2 = (0 | R1)']],
    ['XOR R1,R1,R2', ['R2 = (R1 ^ R1)']],
    ['ADDQ R1,R2,R31', []],
    ['MOV R1,R2', ['R2 = R1']],
    ['MOV 7,R2', ['R2 = 7']],
    ['CLR R1', ['R1 = 0']],
    ['NOP', []],
    ['UNOP', []],
    ['SLL R1,64,R2', ['R2 = s64((R1 << 0))']],
    ['CMOVEQ R1,R2,R3', ['R3 = ((R1 == 0) ? R2 : R3)']],
  ])('%s', (line, expected) => {
    expect(code(line)).toEqual(expected);
  });

  it('pairs load-locked and store-conditional', () => {
    const { instructions } = codeOf(
      single('Alpha', ['LDQ_L R1,x', 'STL_C R1,8(R2)', 'LDL R1,x', 'STL_C R31,x'].slice(0, 2)),
    );
    expect(instructions).toMatchObject([
      { kind: 'load', locked: true, type: { bits: 64 } },
      { kind: 'store-conditional', target: 0, value: { kind: 'register', register: 0 }, type: { bits: 32 } },
    ]);
    const after = outcome(['LDQ_L R1,x', 'ADDQ R1,1,R1', 'STQ_C R1,x', 'LDA R2,7', 'STQ_C R2,x'], 'x=4');
    expect([after.memory('x'), after.register('R1'), after.register('R2')]).toEqual([5n, 1n, 0n]);
  });

  it('resolves labels', () => {
    expect(code('L: LDQ R1,x', 'BEQ R1,L', 'BR R31,M', 'BR L', 'M:')).toEqual([
      'R1 = load s64 &x',
      'if (R1 == 0) goto 0',
      'goto 4',
      'goto 0',
    ]);
  });
});

describe('Alpha programs', () => {
  it('have 64-bit numbers', () => {
    const text = single(
      'Alpha',
      ['MB'],
      'x=0xffffffffffffffff; 0:R1=1',
      'exists (0:$t0=-1 /\\ x=18446744073709551615 /\\ 0:R31=0)',
    );
    const { program, condition } = read(text);
    expect(program.cells[0]).toMatchObject({ initial: -1n, type: { bits: 64, signed: true } });
    expect(program.threads[0].code.registers).toEqual(['R1', 'R31']);
    expect(condition.proposition).toMatchObject({ left: { right: { right: -1n } }, right: { right: 0n } });
  });

  it('have longwords where longwords are accessed', () => {
    const types = (init: string, ...lines: string[]) =>
      read(single('Alpha', lines, init)).program.cells.map(({ type }) => type.bits);
    expect(types('', 'LDL R1,x')).toEqual([32]);
    expect(types('', 'LDL R1,y', 'LDQ R1,x')).toEqual([32, 64]);
    expect(types('0:R1=y;', 'STL R2,0(R1)', 'LDQ R3,x')).toEqual([32, 64]);
    expect(types('x=y;', 'LDQ R1,x', 'LDL R2,0(R1)')).toEqual([64, 64]);
  });
});

/** What the handbook (chapter 4) says of each operate instruction, over signed 64-bit numbers. */
const reference: Record<string, (a: bigint, b: bigint) => bigint> = {
  ADDQ: (a, b) => BigInt.asIntN(64, a + b),
  SUBQ: (a, b) => BigInt.asIntN(64, a - b),
  MULQ: (a, b) => BigInt.asIntN(64, a * b),
  ADDL: (a, b) => BigInt.asIntN(32, a + b),
  MULL: (a, b) => BigInt.asIntN(32, a * b),
  S4ADDQ: (a, b) => BigInt.asIntN(64, 4n * a + b),
  S8SUBL: (a, b) => BigInt.asIntN(32, 8n * a - b),
  AND: (a, b) => a & b,
  BIS: (a, b) => a | b,
  XOR: (a, b) => a ^ b,
  BIC: (a, b) => a & ~b,
  ORNOT: (a, b) => a | ~b,
  EQV: (a, b) => a ^ ~b,
  SLL: (a, b) => BigInt.asIntN(64, a << BigInt.asUintN(6, b)),
  SRA: (a, b) => a >> BigInt.asUintN(6, b),
  SRL: (a, b) => BigInt.asIntN(64, BigInt.asUintN(64, a) >> BigInt.asUintN(6, b)),
  CMPEQ: (a, b) => (a === b ? 1n : 0n),
  CMPLT: (a, b) => (a < b ? 1n : 0n),
  CMPLE: (a, b) => (a <= b ? 1n : 0n),
  CMPULT: (a, b) => (BigInt.asUintN(64, a) < BigInt.asUintN(64, b) ? 1n : 0n),
  CMPULE: (a, b) => (BigInt.asUintN(64, a) <= BigInt.asUintN(64, b) ? 1n : 0n),
};

const tests: Record<string, (a: bigint) => boolean> = {
  EQ: (a) => a === 0n,
  NE: (a) => a !== 0n,
  LT: (a) => a < 0n,
  GE: (a) => a >= 0n,
  LE: (a) => a <= 0n,
  GT: (a) => a > 0n,
  LBS: (a) => (a & 1n) === 1n,
  LBC: (a) => (a & 1n) === 0n,
};

describe('Alpha arithmetic', () => {
  const edge = fc.constantFrom(0n, 1n, -1n, 63n, 2n ** 31n, 2n ** 63n - 1n, -(2n ** 63n));
  const operand = fc.oneof(edge, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));

  it('is the handbook’s', () => {
    fc.assert(
      fc.property(operand, operand, (a, b) => {
        const names = Object.keys(reference);
        // Results go to one register after another, from R3.
        const lines = names.map((name, index) => `${name} R1,R2,R${index + 3}`);
        const after = outcome(lines, `0:R1=${a}; 0:R2=${b}`);
        expect(names.map((name, index) => [name, after.register(`R${index + 3}`)])).toEqual(
          names.map((name) => [name, reference[name](a, b)]),
        );
      }),
      runs(300),
    );
  });

  it('tests registers as the handbook says', () => {
    fc.assert(
      fc.property(operand, (a) => {
        for (const [name, holds] of Object.entries(tests)) {
          const after = outcome([`CMOV${name} R1,5,R2`, `B${name} R1,L`, 'LDA R3,1', 'L:'], `0:R1=${a}`);
          expect([name, after.register('R2'), after.register('R3')]).toEqual([
            name,
            ...(holds(a) ? [5n, 0n] : [0n, 1n]),
          ]);
        }
      }),
      runs(200),
    );
  });
});
