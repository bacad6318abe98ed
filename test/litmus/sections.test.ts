import { describe, expect, it } from '@jest/globals';
import { Source, type Span } from '../../src/diagnostics.js';
import { splitSections } from '../../src/litmus/frame/sections.js';

const split = (text: string) => splitSections(new Source('folder/file.litmus', text));
const textOf = ({ source, start, end }: Span): string => source.text.slice(start, end).trim();

describe('the sections of a litmus file', () => {
  it('has name, description, keys, init, program and condition', () => {
    const text =
      'X86 a/b+c-[d]:e.f (figure)\n"Wse PodWW"\nCycle=Wse PodWW \nCom = Ws\n{\nx=1;\n}\n P0 ;\n NOP ;\nexists (x=1)\n';
    const { dialect, name, info, init, program, condition } = split(text);
    expect({ dialect, name, info }).toEqual({
      dialect: 'X86',
      name: 'a/b+c-[d]:e.f',
      info: [
        ['', 'Wse PodWW'],
        ['Cycle', 'Wse PodWW'],
        ['Com', 'Ws'],
      ],
    });
    expect([init, program, condition].map(textOf)).toEqual(['x=1;', 'P0 ;\n NOP ;', 'exists (x=1)']);
  });

  it.each([
    ['exists (x=1)', 'exists (x=1)'],
    ['~exists (x=1)', '~exists (x=1)'],
    ['~  exists (x=1)', '~  exists (x=1)'],
    ['not exists (x=1)', 'not exists (x=1)'],
    ['forall x=1', 'forall x=1'],
    ['final x=1\nwith tso: exists;', 'final x=1\nwith tso: exists;'],
    ['locations [x;]\nexists x=1', 'locations [x;]\nexists x=1'],
    ['filter x=1\nexists x=1', 'filter x=1\nexists x=1'],
    ['exists x=1\n<<\nshow all\n>>', 'exists x=1'],
    ['', ''],
  ])('finds the condition of `%s`', (written, found) => {
    const { program, condition } = split(`Alpha t\n{}\n P0 ;\n exists.1: NOP ;\n${written}`);
    expect(textOf(program)).toBe('P0 ;\n exists.1: NOP ;');
    expect(textOf(condition)).toBe(found);
  });

  it('takes comments anywhere, nested ones too, and keeps their places', () => {
    const text =
      '(* a *) C t (* b (* { c *) *)\n{ x=1; (* } *) /* } */ // }\n}\nP0() {} (* exists *)\n// exists\nexists (x=1) (* << *)\n<<';
    const { init, program, condition, notes } = split(text);
    expect([init, program, condition].map((span) => textOf(span).slice(0, 4))).toEqual([
      'x=1;',
      'P0()',
      'exis',
    ]);
    expect(notes.map(textOf)).toEqual([
      '(* a *)',
      '(* b (* { c *) *)',
      '(* } *)',
      '/* } */',
      '// }',
      '(* exists *)',
      '// exists',
      '(* << *)',
    ]);
  });

  it("leaves C's own `(*` and names inside brackets alone", () => {
    const program =
      'void (*handler)(int filter);\nP0(int *exists) { (*handler)(1); char *s = "exists ("; int forall; }';
    const sections = split(`C t\n{}\n${program}\nexists (x=1)`);
    expect(textOf(sections.program)).toBe(program);
    expect(sections.notes).toEqual([]);
  });

  it('names a test `--` after its file, and cuts `.litmus` off a name', () => {
    expect(split('C --\n{}\n').name).toBe('file');
    expect(split('C a.litmus\n{}\n').name).toBe('a');
  });

  it('passes over what else stands before the init section', () => {
    const { name, info, init, notes } = split(
      'C first\nC second\n\nKey=v\nof the paper (2014), see 3.1\n(* a note *)\nand so on {\nx=1;\n}\nP0() {}\n',
    );
    expect({ name, info }).toEqual({ name: 'first', info: [['Key', 'v']] });
    expect([init, ...notes].map(textOf)).toEqual(['x=1;', '(* a note *)']);
  });

  it('takes a byte order mark and carriage returns', () => {
    const { dialect, info, condition } = split('\uFEFFX86 t\r\nKey=v\r\n{}\r\n P0 ;\r\nexists (x=1)\r\n');
    expect([dialect, info, textOf(condition)]).toEqual(['X86', [['Key', 'v']], 'exists (x=1)']);
  });
});
