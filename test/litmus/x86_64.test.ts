import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { litmusTexts } from '../../src/arbitraries/index.js';
import { withSomethingShown } from '../../src/check/index.js';
import { check, formatState, parseLitmus, Source, shippedModel } from '../../src/index.js';
import { runs, seed } from '../seed.js';
import { codeOf, read, runAlone, single } from './reading.js';
import { showCode } from './show-code.js';

const code = (...lines: string[]): string[] =>
  showCode(codeOf(single('X86_64', lines))).map((line) => line.trimEnd());
const outcome = (lines: readonly string[], init = '') => runAlone(read(single('X86_64', lines, init)));

describe('X86_64 instructions', () => {
  it.each<[string, string[]]>([
    ['movq $1,(x)', ['store s64 &x <- 1']],
    ['movq (x),%rax', ['rax = load s64 &x']],
    ['movl $1,(x)', ['store u32 &x <- 1']],
    ['movl (x),%eax', ['rax = load u32 &x']],
    ['mov %eax,(x)', ['store u32 &x <- u32(rax)']],
    ['movq %r8,8(%rbx)', ['store s64 (rbx + 8) <- r8']],
    ['movq $x,%rax', ['rax = &x']],
    ['MFENCE', ['fence MFENCE']],
    ['xchgq %rax,(x)', ['%old = rmw s64 &x <- rax', 'rax = %old']],
    ['xchgl (x),%eax', ['%old = rmw u32 &x <- u32(rax)', 'rax = %old']],
    ['lock xaddq %rax,(x)', ['%old = rmw s64 &x <- s64((%old + rax))', 'rax = %old']],
    ['lock cmpxchgq %rbx,(x)', ['%old = rmw s64 &x <- ((%old == rax) ? rbx : %old)', 'rax = %old']],
    ['lock incq (x)', ['%old = rmw s64 &x <- s64((%old + 1))']],
    ['incl (x)', ['%old = load u32 &x', 'store u32 &x <- u32((%old + 1))']],
    ['addq %rbx,%rax', ['%old = rax', 'rax = s64((rax + rbx))'].slice(1)],
  ])('%s', (line, expected) => {
    expect(code(line)).toEqual(expected);
  });

  it.each<[string, string]>([
    ['movq $1,x', 'MOVQ expects a register or a place in memory here, found `x`'],
    ['mov $1,(x)', 'MOV does not say its size: write MOVL or MOVQ'],
    ['movq %eax,(x)', 'MOVQ has operands of different sizes'],
    ['movl %eax,%rbx', 'MOVL has operands of different sizes'],
    ['movb $1,(x)', 'operands of 8 bits are not supported'],
    ['movw %ax,(x)', 'operands of 16 bits are not supported'],
    ['sete %al', 'operands of 8 bits are not supported'],
    ['movq (%rax,%rbx,8),%rcx', 'an address with an index is not supported'],
    ['movq %rzx,(x)', 'expected a register, found `rzx`'],
    ['mvoq $1,(x)', 'did you mean'],
  ])('%s is refused in words', (line, words) => {
    expect(() => read(single('X86_64', [line]))).toThrow(words);
  });

  it('refuses two sizes of one location', () => {
    const text = single('X86_64', ['movq $1,(x)', 'movl (x),%eax']);
    expect(() => read(text)).toThrow('`x` is accessed as a longword and as a quadword');
  });

  it('knows registers in conditions and init sections by each of their names', () => {
    const text =
      'X86_64 t\n{ uint64_t x; 0:rbx=5; 0:R9=x; }\n P0 ;\n movq %rbx,(%r9) ;\n movq (x),%rax ;\nexists (0:rax=5 /\\ 0:RBX=5 /\\ x=5)';
    expect(check(parseLitmus(new Source('t', text)), shippedModel('i386')).verdict).toBe('Always');
  });
});

const numbers = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(
    0n,
    1n,
    -1n,
    2n ** 31n,
    2n ** 31n - 1n,
    2n ** 32n - 1n,
    2n ** 32n,
    2n ** 63n - 1n,
    -(2n ** 63n),
  ),
  fc.bigInt({ min: -3n, max: 3n }),
);

/** The flags as the manual of the processor defines them, bit by bit. */
function flagsOf(op: 'cmp' | 'sub' | 'add' | 'test', bits: number, left: bigint, right: bigint) {
  const cut = (value: bigint): bigint => BigInt.asUintN(bits, value);
  const [a, b] = [cut(left), cut(right)];
  const result = op === 'add' ? cut(a + b) : op === 'test' ? a & b : cut(a - b);
  const top = (value: bigint): boolean => value >> BigInt(bits - 1) === 1n;
  const overflow =
    op === 'add'
      ? top(a) === top(b) && top(result) !== top(a)
      : op !== 'test' && top(a) !== top(b) && top(result) !== top(a);
  const carry = op === 'add' ? a + b !== result : op !== 'test' && a < b;
  return { zero: result === 0n, sign: top(result), overflow, carry, result };
}

const conditions: Readonly<Record<string, (flags: ReturnType<typeof flagsOf>) => boolean>> = {
  e: ({ zero }) => zero,
  ne: ({ zero }) => !zero,
  l: ({ sign, overflow }) => sign !== overflow,
  ge: ({ sign, overflow }) => sign === overflow,
  le: ({ zero, sign, overflow }) => zero || sign !== overflow,
  g: ({ zero, sign, overflow }) => !zero && sign === overflow,
  s: ({ sign }) => sign,
  ns: ({ sign }) => !sign,
  b: ({ carry }) => carry,
  ae: ({ carry }) => !carry,
  be: ({ carry, zero }) => carry || zero,
  a: ({ carry, zero }) => !carry && !zero,
};

describe('flags of 32 and 64 bits', () => {
  it('are as the processor sets them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('cmp', 'sub', 'add', 'test'),
        fc.constantFrom(32, 64),
        fc.constantFrom(...Object.keys(conditions)),
        numbers,
        numbers,
        (op, bits, condition, left, right) => {
          const [suffix, a, b] = bits === 64 ? ['q', '%rax', '%rbx'] : ['l', '%eax', '%ebx'];
          const lines = [
            ...['movq $0,%rcx', 'movq $1,%rdx'],
            ...[`${op}${suffix} ${b},${a}`, `cmov${condition} %rdx,%rcx`],
          ];
          const found = outcome(lines, `0:rax=${left}; 0:rbx=${right};`);
          const flags = flagsOf(op, bits, left, right);
          expect(found.register('rcx')).toBe(conditions[condition](flags) ? 1n : 0n);
          if (op === 'cmp' || op === 'test') expect(found.register('rax')).toBe(left);
          else expect(BigInt.asUintN(64, found.register('rax') as bigint)).toBe(flags.result);
        },
      ),
      runs(300),
    );
  });
});

describe('random tests of X86_64', () => {
  it('have the states of the same tests of X86', () => {
    const [narrow, wide] = (['X86', 'X86_64'] as const).map((dialect) =>
      fc.sample(litmusTexts({ dialect }), { seed, numRuns: 60 }),
    );
    const states = (text: string): string[] => {
      // Without the condition all registers and locations are shown.
      const test = withSomethingShown(
        parseLitmus(
          new Source(
            'random',
            text.replace(/^(?:locations|exists|forall|~exists|filter)[\s\S]*/m, 'exists (true)\n'),
          ),
        ),
      );
      const result = check(test, shippedModel('i386'), { question: 'states' });
      return result.states
        .map((state) => formatState(state, result.observables, test.program).split(' ').sort().join(' '))
        .sort();
    };
    let compared = 0;
    for (const [index, text] of narrow.entries()) {
      if (text.includes('SET')) continue;
      const inCapitals = states(wide[index]).map((state) =>
        state
          .replace(/\br([a-z]{2})\b/g, (_, rest) => `E${rest.toUpperCase()}`)
          .split(' ')
          .sort()
          .join(' '),
      );
      expect(inCapitals.sort()).toEqual(states(text));
      compared++;
    }
    expect(compared).toBeGreaterThan(40);
  });
});
