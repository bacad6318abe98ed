import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Instruction } from '../../src/program/index.js';
import { runs } from '../seed.js';
import { bare, codeOf, read, runAlone, single } from './reading.js';
import { showCode } from './show-code.js';

const code = (...lines: string[]): string[] =>
  showCode(codeOf(single('X86', lines))).map((line) => line.trimEnd());
const outcome = (lines: readonly string[], init = '') => runAlone(read(single('X86', lines, init)));

describe('X86 instructions', () => {
  it.each<[string, string[]]>([
    ['MOV EAX,$1', ['EAX = 1']],
    ['mov eax , -1', ['EAX = -1']],
    ['MOV EAX,$0xffffffff', ['EAX = -1']],
    ['MOV EAX,[x]', ['EAX = load s32 &x']],
    ['MOV [x],EAX', ['store s32 &x <- EAX']],
    ['MOVL [x],$2', ['store s32 &x <- 2']],
    ['MOV EAX,[EBX]', ['EAX = load s32 EBX']],
    ['MOV (EBX),EAX', ['store s32 EBX <- EAX']],
    ['MOV EAX,[EBX+4]', ['EAX = load s32 (EBX + 4)']],
    ['MOV EAX,[x-4]', ['EAX = load s32 &x+-4']],
    ['MOV EAX,$x', ['EAX = &x']],
    ['LEA EAX,[x]', ['EAX = s32(&x)']],
    ['MFENCE', ['fence MFENCE']],
    ['lfence', ['fence LFENCE']],
    ['SFENCE', ['fence SFENCE']],
    ['NOP', []],
    ['XCHG [x],EAX', ['%old = rmw s32 &x <- EAX', 'EAX = %old']],
    ['XCHG EAX,[x]', ['%old = rmw s32 &x <- EAX', 'EAX = %old']],
    ['XCHG EAX,EBX', ['%old = EAX', 'EAX = EBX', 'EBX = %old']],
    ['LOCK XADD [x],EAX', ['%old = rmw s32 &x <- s32((%old + EAX))', 'EAX = %old']],
    ['XADD [x],EAX', ['%old = load s32 &x', 'store s32 &x <- s32((%old + EAX))', 'EAX = %old']],
    ['LOCK CMPXCHG [x],EBX', ['%old = rmw s32 &x <- ((%old == EAX) ? EBX : %old)', 'EAX = %old']],
    ['LOCK INC [x]', ['%old = rmw s32 &x <- s32((%old + 1))']],
    ['lock ; dec [x]', ['%old = rmw s32 &x <- s32((%old - 1))']],
    ['LOCK XOR [x],EAX', ['%old = rmw s32 &x <- s32((%old ^ EAX))']],
    ['INC [x]', ['%old = load s32 &x', 'store s32 &x <- s32((%old + 1))']],
    ['ADD EAX,[x]', ['%read = load s32 &x', 'EAX = s32((EAX + %read))']],
    ['NOT EAX', ['EAX = s32(~EAX)']],
    ['NEG EAX', ['EAX = s32(-EAX)']],
    ['CMP EAX,$1', []],
  ])('%s', (line, expected) => {
    expect(code(line)).toEqual(expected);
  });

  it('resolves labels, alone or before an instruction', () => {
    expect(code('L: MOV EAX,[x]', 'CMP EAX,$0', 'JE L', 'JMP end', 'end:')).toEqual([
      'EAX = load s32 &x',
      '%left = EAX',
      '%right = 0',
      'if (s32(%left) == %right) goto 0',
      'goto 5',
    ]);
  });

  it('has tags on fences alone, and control over the rest of the thread', () => {
    const { instructions, controlScope } = codeOf(single('X86', ['XCHG [x],EAX', 'MOV [y],$1', 'MFENCE']));
    expect(controlScope).toBe('rest');
    const tags = (instruction: Instruction) =>
      'tags' in instruction
        ? instruction.tags
        : 'readTags' in instruction
          ? [instruction.readTags, instruction.writeTags]
          : undefined;
    expect(instructions.map(tags)).toEqual([[[], []], undefined, [], ['MFENCE']]);
  });
});

describe('X86 programs', () => {
  it('have the variables and registers that anything names', () => {
    const text =
      'X86 t\n{ x=y; 0:EBX=x; a=-1; }\nP0 | P1 ;\nMOV EAX,[z] | MOV [w],$1 ;\nlocations [w;]\nexists (0:ecx=0 /\\ 1:EAX=4294967295 /\\ a=4294967295 /\\ 0:EBX=x)';
    const { program, condition, locations } = read(text);
    const cells = program.cells.map(({ name, initial, type }) => [name, initial, type.bits]);
    expect(cells).toEqual([
      ['x', { symbol: 'y', offset: 0 }, 32],
      ['y', 0n, 32],
      ['a', -1n, 32],
      ['z', 0n, 32],
      ['w', 0n, 32],
    ]);
    expect(program.flatMemory).toBe(true);
    expect(program.threads.map((thread) => thread.code.registers)).toEqual([['EAX', 'EBX', 'ECX'], ['EAX']]);
    expect([...program.threads[0].initial]).toEqual([[1, { symbol: 'x', offset: 0 }]]);
    expect(locations).toEqual([{ kind: 'cell', cell: 4 }]);
    expect(JSON.stringify(bare(condition)).match(/"right":("[^"]*"|\{"symbol":[^}]*\})/g)).toEqual([
      '"right":"0n"',
      '"right":"-1n"',
      '"right":"-1n"',
      '"right":{"symbol":"x","offset":0}',
    ]);
  });

  it('have arrays', () => {
    const { program, locations } = read(
      single('X86', ['MOV EAX,[a+4]'], 'int a[2] = {7, 8}', 'locations [a; a[1];] exists (a={7,8})'),
    );
    expect(program.cells.map(({ name, offset, initial }) => [name, offset, initial])).toEqual([
      ['a[0]', 0, 7n],
      ['a[1]', 4, 8n],
    ]);
    expect(locations).toMatchObject([{ kind: 'array', name: 'a', cells: [0, 1] }, { kind: 'cell' }]);
    expect(runAlone(read(single('X86', ['MOV EAX,[a+4]'], 'int a[2] = {7, 8}'))).register('EAX')).toBe(8n);
  });

  it('exchange and add', () => {
    expect(outcome(['MOV EAX,$3', 'LOCK XADD [x],EAX'], 'x=4').memory('x')).toBe(7n);
    expect(outcome(['MOV EAX,$3', 'XADD EAX,EAX']).register('EAX')).toBe(6n);
    const swapped = outcome(['MOV EAX,$3', 'MOV EBX,$5', 'XADD EAX,EBX']);
    expect([swapped.register('EAX'), swapped.register('EBX')]).toEqual([8n, 3n]);
  });

  it.each([
    [4, 9n, 4n],
    [5, 4n, 4n],
  ])('CMPXCHG with EAX %i leaves %i and %i', (expected, memory, accumulator) => {
    for (const lock of ['', 'LOCK ']) {
      const after = outcome(
        [`MOV EAX,${expected}`, 'MOV EBX,9', `${lock}CMPXCHG [x],EBX`, 'SETE ECX'],
        'x=4',
      );
      expect([after.memory('x'), after.register('EAX')]).toEqual([memory, accumulator]);
      expect(after.register('ECX')).toBe(expected === 4 ? 1n : 0n);
    }
  });
});

/** The processor's flags after an instruction with two operands (Intel's manual, volume 1, 3.4.3.1). */
function flagsAfter(op: string, a: bigint, b: bigint): Record<'z' | 's' | 'c' | 'o', boolean> {
  const unsigned = (value: bigint): bigint => BigInt.asUintN(32, value);
  const exact =
    op === 'ADD'
      ? a + b
      : op === 'CMP' || op === 'SUB'
        ? a - b
        : op === 'OR'
          ? a | b
          : op === 'XOR'
            ? a ^ b
            : a & b;
  const result = BigInt.asIntN(32, exact);
  const carry =
    op === 'ADD'
      ? unsigned(a) + unsigned(b) > 0xffffffffn
      : (op === 'CMP' || op === 'SUB') && unsigned(a) < unsigned(b);
  return { z: result === 0n, s: result < 0n, c: carry, o: result !== exact };
}

const conditions: Record<string, (flags: ReturnType<typeof flagsAfter>) => boolean> = {
  E: ({ z }) => z,
  NE: ({ z }) => !z,
  L: ({ s, o }) => s !== o,
  GE: ({ s, o }) => s === o,
  LE: ({ z, s, o }) => z || s !== o,
  G: ({ z, s, o }) => !z && s === o,
  S: ({ s }) => s,
  NS: ({ s }) => !s,
  B: ({ c }) => c,
  AE: ({ c }) => !c,
  BE: ({ c, z }) => c || z,
  A: ({ c, z }) => !c && !z,
};

describe('X86 flags', () => {
  const edge = fc.constantFrom(0n, 1n, -1n, 2n ** 31n - 1n, -(2n ** 31n));
  const operand = fc.oneof(edge, fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n - 1n }));

  it('answer every condition as the processor does', () => {
    const cases = fc.record({
      op: fc.constantFrom('CMP', 'SUB', 'ADD', 'AND', 'TEST', 'OR', 'XOR'),
      a: operand,
      b: operand,
    });
    fc.assert(
      fc.property(cases, ({ op, a, b }) => {
        for (const [condition, holds] of Object.entries(conditions)) {
          const lines = [
            `MOV EAX,${a}`,
            `${op} EAX,${b}`,
            `SET${condition} ECX`,
            'MOV EDX,7',
            'MOV EBX,5',
            `CMOV${condition} EDX,EBX`,
            `J${condition} L`,
            'MOV ESI,1',
            'L:',
          ];
          const after = outcome(lines);
          const expected = holds(flagsAfter(op, a, b));
          const found = [after.register('ECX'), after.register('EDX'), after.register('ESI')];
          expect([condition, ...found]).toEqual([condition, ...(expected ? [1n, 5n, 0n] : [0n, 7n, 1n])]);
        }
      }),
      runs(300),
    );
  });

  it('start clear', () => {
    for (const [condition, holds] of Object.entries(conditions)) {
      const clear = { z: false, s: false, c: false, o: false };
      expect([condition, outcome([`SET${condition} EAX`]).register('EAX')]).toEqual([
        condition,
        holds(clear) ? 1n : 0n,
      ]);
    }
  });

  it('keep the carry over INC and DEC', () => {
    expect(outcome(['MOV EAX,0', 'CMP EAX,1', 'INC EAX', 'SETC EBX', 'SETE ECX']).register('EBX')).toBe(1n);
  });
});
