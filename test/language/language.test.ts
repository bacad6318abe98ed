import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  completionsAt,
  diagnosticsOf,
  hoverAt,
  type Language,
  shippedModelFile,
  shippedModelNames,
  shippedTests,
  type Token,
  tokensOf,
} from '../../src/index.js';
import { runs } from '../seed.js';

const include = shippedModelFile;
const models = shippedModelNames().map((name) => [`${name}.cat`, shippedModelFile(`${name}.cat`)] as const);
const texts: readonly { readonly name: string; readonly text: string; readonly language: Language }[] = [
  ...Object.entries(shippedTests).map(([name, text]) => ({ name, text, language: 'litmus' as const })),
  ...models.map(([name, text]) => ({ name, text: text as string, language: 'cat' as const })),
];

function expectInOrder(tokens: readonly Token[], text: string): void {
  let at = 0;
  for (const { start, end } of tokens) {
    if (start < at || end <= start || end > text.length)
      throw new Error(`a token at ${start} to ${end}, behind ${at}`);
    at = end;
  }
}

const words = (text: string, language: Language, kind: Token['kind']): string[] =>
  tokensOf(text, language)
    .filter((token) => token.kind === kind)
    .map(({ start, end }) => text.slice(start, end));

describe('tokens', () => {
  it('are in order, and leave out no word and no comment of any text that ships', () => {
    for (const { text, language } of texts) {
      const tokens = tokensOf(text, language);
      expectInOrder(tokens, text);
      let at = 0;
      let between = '';
      for (const { start, end } of tokens) {
        between += text.slice(at, start);
        at = end;
      }
      expect((between + text.slice(at)).replace(/[\s{}()[\],;|:.]/g, '')).toBe('');
    }
  });

  it('are there for texts cut off, and with pieces of others in them', () => {
    const piece = fc.constantFrom(
      '(*',
      '*)',
      '/*',
      '"',
      '{',
      '}',
      'exists',
      '\n',
      'P1(',
      "'",
      '#',
      '\u00e9',
      ' let ',
    );
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.nat(), fc.nat(), piece, ({ text, language }, a, b, more) => {
        const [from, to] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        const changed = text.slice(0, from) + more + text.slice(to);
        expectInOrder(tokensOf(changed, language), changed);
        for (const { start, end } of diagnosticsOf(changed, language, { include })) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThanOrEqual(start);
          expect(end).toBeLessThanOrEqual(changed.length);
        }
      }),
      runs(150),
    );
  });

  it('tell primitives from other names, registers from locations, and comments from code', () => {
    const c = 'C t\n{ int x; }\nP0(int *x) // one\n{ int r0 = READ_ONCE(*x); }\nexists (0:r0=1)';
    expect(words(c, 'litmus', 'known')).toEqual(['READ_ONCE']);
    expect(words(c, 'litmus', 'comment')).toEqual(['// one']);
    expect(words(c, 'litmus', 'name')).toEqual(['x', 'x', 'r0', 'x', 'r0']);
    const x86 = 'X86 t\n{ x=0; }\n P0          ;\n MOV [x],$1  ;\n MOV EAX,[x] ;\nexists (0:EAX=1)';
    expect(words(x86, 'litmus', 'known')).toEqual(['MOV', 'MOV']);
    expect(words(x86, 'litmus', 'register')).toEqual(['EAX']);
    const cat = '"m"\n(* a (* nested *) one *)\nlet com = rf | fr\nacyclic com as sc';
    expect(words(cat, 'cat', 'comment')).toEqual(['(* a (* nested *) one *)']);
    expect(words(cat, 'cat', 'known')).toEqual(['rf', 'fr']);
    expect(words(cat, 'cat', 'keyword')).toEqual(['let', 'acyclic', 'as']);
  });
});

describe('diagnostics', () => {
  it('find nothing wrong with what ships', () => {
    const wrong = texts.flatMap(({ name, text, language }) =>
      diagnosticsOf(text, language, { include })
        .filter(({ severity }) => severity === 'error')
        .map(({ message }) => `${name}: ${message}`),
    );
    expect(wrong).toEqual([]);
  });

  it('stand where the error is', () => {
    const text = 'C t\n{ }\nP0(int *x) { WRITE_ONC(*x, 1); }\nexists (x=1)';
    const [found, ...more] = diagnosticsOf(text, 'litmus');
    expect(more).toEqual([]);
    expect(text.slice(found.start, found.end)).toContain('WRITE_ONC');
    expect(found.message).toContain('WRITE_ONCE');
    const model = 'let com = rf | frr\nacyclic com';
    const [wrong] = diagnosticsOf(model, 'cat');
    expect(model.slice(wrong.start, wrong.end)).toBe('frr');
  });
});

describe('hover', () => {
  const text = 'C t\n{ }\nP0(int **p) { int *r0 = rcu_dereference(*p); smp_wmb(); }\nexists (p=1)';
  const at = (word: string) => hoverAt(text, 'litmus', text.indexOf(word) + 1);

  it('says what a primitive comes to on each machine, kernel by kernel where they differ', () => {
    const table = new Map(at('rcu_dereference')?.table);
    expect(table.get('i386')).toBe('load');
    expect(table.get('alpha')).toBe('load, MB');
    const wmb = new Map(at('smp_wmb')?.table);
    expect([wmb.get('i386'), wmb.get('alpha'), wmb.get('lkmm')]).toEqual(['nothing', 'WMB', 'wmb']);
    const once = new Map(hoverAt('C t\n{ }\nP0(int *x) { READ_ONCE(*x); }', 'litmus', 26)?.table);
    expect([once.get('alpha 2.6'), once.get('alpha 6.x')]).toEqual(['load', 'load, MB']);
  });

  it('knows the relations of models, and their own definitions', () => {
    const model = 'let com = rf | fr\nacyclic com';
    expect(hoverAt(model, 'cat', model.indexOf('rf'))?.lines[0]).toContain('reads-from');
    expect(hoverAt(model, 'cat', model.lastIndexOf('com'))?.lines).toEqual(['let com = rf | fr']);
  });

  it('says nothing of what is no word', () => {
    expect(hoverAt(text, 'litmus', 2)).toBeUndefined();
    expect(hoverAt(text, 'litmus', text.length)).toBeUndefined();
  });
});

describe('completion', () => {
  const labels = (text: string, language: Language, offset = text.length): string[] => {
    const { from, options } = completionsAt(text, language, offset);
    const word = text.slice(from, offset);
    return options.map(({ label }) => label).filter((label) => label.startsWith(word));
  };

  it('offers primitives in C, instructions in assembly, relations in models', () => {
    expect(labels('C t\n{ }\nP0(int *x) { smp_stor', 'litmus')).toEqual([
      'smp_store_release',
      'smp_store_mb',
    ]);
    expect(labels('X86 t\n{ }\n P0 ;\n MF', 'litmus')).toEqual(['MFENCE']);
    expect(labels('Alpha t\n{ }\n P0 ;\n LDQ', 'litmus')).toEqual(['LDQ', 'LDQ_L']);
    expect(labels('let com = add', 'cat')).toEqual(['addr']);
  });

  it('offers names of the text, and not the one that is being written', () => {
    const text = 'C t\n{ int flag; }\nP0(int *flag) { WRITE_ONCE(*fl';
    expect(labels(text, 'litmus')).toContain('flag');
    expect(labels(text, 'litmus')).not.toContain('fl');
  });
});
