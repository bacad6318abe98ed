import { describe, expect, it } from '@jest/globals';
import { Source, SourceError } from '../../src/diagnostics.js';
import { parseLitmus } from '../../src/litmus/index.js';
import { refusal, single } from './reading.js';

const x86 = (line: string, question?: string, init?: string): string => single('X86', [line], init, question);
const alpha = (line: string, question?: string, init?: string): string =>
  single('Alpha', [line], init, question);

describe('what is wrong, and where', () => {
  it.each([
    ['', "1:1: a litmus file begins with C, X86 or Alpha and the test's name"],
    [
      'AArch64 t\n{}',
      "1:1: `AArch64` is not a dialect that is read here: a file begins with C, X86 or Alpha and the test's name",
    ],
    ['X86', "1:4: expected the test's name"],
    ['X86 t\nP0 ;\n{}', '2:1: expected the init section `{ ... }`, found `P0`'],
    ['C t\nP0(int *x)\n{\n}\n', '2:1: expected the init section `{ ... }`, found `P0(int`'],
    ['C t\nstatic int get(int *x)\n{\n}\n', '2:1: expected the init section `{ ... }`, found `static`'],
    ['C t\n{}\nP0(int *x) {\n if (*x) { *x = 2;\n}\nexists (x=1)', '3:12: this brace is never closed'],
    [
      'X86 t\n{}\nP0 ;\nMOVE [x],$1 ;',
      '4:1: `MOVE` is not an X86 instruction that is supported; did you mean MOV?',
    ],
    [
      'X86 t\n{}\nP0 ;\nMOV [RAX],$1 ;',
      '4:5: there is no register `RAX`; a variable of that name has to stand in the init section',
    ],
    ['X86 t\n{ rax; }\nP0 ;\nMOV [rax],$1 ;', 'accepted'],
    ['X86 t\n{}\nP0 ;\nMFENCE EAX ;', '4:1: MFENCE takes no operands, found 1'],
    [
      'Alpha t\n{}\nP0 ;\nMBB ;',
      '4:1: `MBB` is not an Alpha instruction that is supported; did you mean MB?',
    ],
    ['C t\n{}\nexists (x=1)', '3:9: there is no thread: one is written `P0(...) { ... }`'],
    [
      'C t\n{}\nint x; void main(void) { x = 1; }\nforall (x=1)',
      '4:9: there is no thread: one is written `P0(...) { ... }`',
    ],
    [
      'X86 t\n{}\nP0 ;\nNOP ;\nexist (x=1)',
      '5:1: expected a row of the table or a question, found `exist`; did you mean `exists`?',
    ],
    [
      'X86 t\n{}\nP0 ;\nNOP ;\n ~exits (x=1)',
      '5:3: expected a row of the table or a question, found `exits`; did you mean `exists`?',
    ],
    [
      'X86 t\n{ x; }\nP0 ;\nNOP ;\nlocations [x;]\nexist (x=1)',
      '6:1: expected `/\\`, `\\/` or the end of the condition, found `exist`; did you mean `exists`?',
    ],
    ['X86 t\n{ x=1; x=2; }\n P0 ;\n NOP ;\n', '2:8: `x` is given a value twice'],
    ['X86 t\n{ 0:EAX=1; P0:EAX=1; }\n P0 ;\n NOP ;\n', '2:12: `0:EAX` is given a value twice'],
    ['X86 t\nfoo\n', '3:1: expected the init section `{ ... }`, found the end of the file'],
    ['X86 t\n', '2:1: expected the init section `{ ... }`, found the end of the file'],
    ['X86 t\n{ x=1;', '2:1: the init section is never closed: expected `}`'],
    ['X86 t (* a (* b *)', '1:7: this comment is never closed'],
    ['X86 t\n{}\n', '2:3: expected the row of threads, such as `P0 | P1 ;`, found the end of the section'],
    ['X86 t\n{}\nP0 | P2 ;', "3:6: expected the thread's name `P1`, found `P2`"],
    ['X86 t\n{}\nP0@EL1 ;', '3:1: a thread with an annotation (`@`) is not supported'],
    ['X86 t\n{}\nP0 ;\nNOP', '4:4: expected `;`, found the end of the section'],
    ['X86 t\n{}\nP0 | P1 ;\nNOP ;', '4:1: this row has 1 column, the header has 2 columns'],
  ])('frame: %j', (text, message) => {
    expect(refusal(text)).toBe(message);
  });

  it.each([
    ['exists (x=)', '5:11: expected a number, the name of a variable, or a register, found `)`'],
    ['exists (x=1', '5:12: expected `)`, found the end of the section'],
    ['exists x=1)', '5:11: expected `/\\`, `\\/` or the end of the condition, found `)`'],
    ['exists (x>1)', '5:10: `>` has no meaning here: conditions compare with `=` and `!=`'],
    ['exists (x=1 && 0:EAX=1)', '5:13: expected `)`, found `&`: conditions write `/\\` for and'],
    ['exists (x=1 or 0:EAX=1)', '5:13: expected `)`, found `or`: conditions write `\\/` for or'],
    ['exists (x=1 /\\)', '5:15: expected a statement such as `0:r1=1` or `x=1`, found `)`'],
    ['exists 1', '5:8: expected a register such as `0:r1`, or a variable, found `1`'],
    ['exists (1:EAX=1)', '5:9: there is no thread 1: the test has P0'],
    ['exists (0:FOO=1)', '5:9: there is no register `FOO`'],
    ['exists (y[1]=1)', '5:9: there is no variable `y`'],
    ['exists (a=1)', '5:9: `a` does not hold one value: `a[0]` to `a[1]` do'],
    ['exists (a[2]=1)', '5:9: `a[2]` does not hold one value: `a[0]` to `a[1]` do'],
    ['exists (x=1 /\\ xx=1)', '5:16: there is no variable `xx`; did you mean `x`?'],
    ['locations [aa;]', '5:12: there is no variable `aa`; did you mean `a`?'],
    ['filter (b=1) exists (true)', '5:9: there is no variable `b`'],
    ['exists (0:EAX=b)', '5:15: there is no variable `b`'],
    [
      'exists (x=4294967296)',
      '5:11: a location of 32 bits never holds 4294967296: it goes from -2147483648 to 4294967295',
    ],
    [
      'forall (0:EAX=-2147483649)',
      '5:15: a register of 32 bits never holds -2147483649: it goes from -2147483648 to 4294967295',
    ],
    [
      'filter (x=4294967296) exists (true)',
      '5:11: a location of 32 bits never holds 4294967296: it goes from -2147483648 to 4294967295',
    ],
    ['exists (-1:EAX=1)', "5:9: expected a thread's number, found `-1`"],
    ['locations [x 0:EAX] exists x=1', '5:14: expected `]`, found `0`'],
  ])('question: %s', (question, message) => {
    expect(refusal(x86('NOP', question, 'x; int a[2]'))).toBe(message);
  });

  it.each([
    ['x = 1 y = 2', '2:9: expected `;`, found `y`'],
    ['x = ', '2:6: expected a number or the name of a variable, found the end of the section'],
    ['0:FOO=1', '2:3: there is no register `FOO`'],
    ['3:EAX=1', '2:3: there is no thread 3'],
    ['0:EAX={1}', '2:9: expected one value, found a list'],
    ['x = FOO(1)', '2:7: expected ATOMIC_INIT or a number, found `FOO`'],
    ['int a[2] = {1,2,3}', '2:14: 3 values for an array of 2'],
    ['d.count = 1', '2:3: `d.count` is not one value of an assembly test'],
  ])('init: %s', (init, message) => {
    expect(refusal(x86('NOP', undefined, init))).toBe(message);
  });

  it.each([
    ['MOV EAX,', '4:10: expected a register, a number or [location], found `;`'],
    ['MOV EAX', '4:1: MOV takes 2 operands, found 1'],
    ['MOV EAX,x', '4:9: expected a register, a number or [location], found `x`'],
    ['MOV EAX,[x', '4:12: expected `]`, found `;`'],
    ['MOV $1,EAX', '4:5: MOV expects a register or a place in memory here, found `$1`'],
    ['MOV [x],[y]', '4:9: MOV takes one operand in memory, found two'],
    ['XCHG [x],[y]', '4:10: XCHG takes one operand in memory, found two'],
    ['MOVB [x],$1', '4:1: MOVB is not supported: only 32-bit accesses are'],
    ['LOCK MOV [x],$1', '4:1: LOCK cannot stand before MOV'],
    ['LOCK INC EAX', '4:1: LOCK needs an operand in memory'],
    ['FOO', '4:1: `FOO` is not an X86 instruction that is supported'],
    ['JE L', '4:1: there is no label `L` in P0'],
    ['L: L: NOP', '4:4: the label `L` stands twice in P0'],
    ['constructor EAX', '4:1: `CONSTRUCTOR` is not an X86 instruction that is supported'],
  ])('X86: %s', (line, message) => {
    expect(refusal(x86(line))).toBe(message);
  });

  it.each([
    ['LDQ R1', '4:1: LDQ takes 2 operands, found 1'],
    ['LDQ 1,0(R2)', '4:5: LDQ expects a register here, found `1`'],
    ['LDQ R1,0(x)', '4:10: expected a register, found `x`'],
    [
      'LDQ R32,x',
      '4:5: there is no register `R32`; a variable of that name has to stand in the init section',
    ],
    ['LDQ R1,8(R31)', '4:8: an absolute address is not supported'],
    ['ADDQ R1,R2', '4:1: ADDQ takes 3 operands, found 2'],
    ['BEQ R1,5', '4:8: BEQ expects a label, found `5`'],
    ['BR R26,L', '4:4: BR that keeps its return address is not supported'],
    ['JSR R26,(R27)', '4:1: JSR is not supported: jumps to an address and calls are not'],
    ['RET', '4:1: RET is not supported: jumps to an address and calls are not'],
    ['IMB', '4:1: IMB is not supported: PALcode and instruction fetches are not'],
    ['LDBU R1,x', '4:1: LDBU is not supported: only accesses to longwords and quadwords are'],
    [
      'LDL R1,x; LDQ R2,x',
      '4:11: `x` is accessed as a longword and as a quadword: mixed-size accesses are not supported',
    ],
  ])('Alpha: %s', (line, message) => {
    expect(refusal(alpha(line))).toBe(message);
  });

  it('sees mixed sizes through registers that the init section sets', () => {
    const text = 'Alpha t\n{ 0:R1=x; 1:R2=x; }\nP0 | P1 ;\nLDQ R3,0(R1) | STL R3,0(R2) ;\nexists (x=1)';
    expect(refusal(text)).toBe(
      '4:16: `x` is accessed as a longword and as a quadword: mixed-size accesses are not supported',
    );
  });

  it('shows the line and a caret', () => {
    const source = new Source('dir/a.litmus', x86('MOV EAX,[x'));
    expect(() => parseLitmus(source)).toThrow(
      new SourceError('expected `]`, found `;`', {
        source,
        start: source.text.indexOf(' ;\nexists') + 1,
        end: 0,
      }),
    );
  });
});
