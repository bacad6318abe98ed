import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Source } from '../../src/diagnostics.js';
import type { AssemblyBody, AssemblyLine, Operand } from '../../src/litmus/assembly/assembly-syntax.js';
import type {
  InitEntry,
  InitValue,
  PlaceSyntax,
  PropositionSyntax,
} from '../../src/litmus/frame/litmus-syntax.js';
import { type LitmusSyntax, parseLitmus, parseSyntax, printLitmus } from '../../src/litmus/index.js';
import { corpusFiles } from '../corpus.js';
import { runs } from '../seed.js';
import { bare } from './reading.js';

const source = new Source('made', '');
const span = { source, start: 0, end: 0 };

const variable = fc.constantFrom('x', 'y', 'flag_1', 'exists', 'filter', '_z', 'truth', 'nothing');
const memory = fc
  .record({
    symbol: variable,
    path: fc.array(fc.oneof(fc.nat(9), fc.constantFrom('count', 'next')), { maxLength: 2 }),
  })
  .map(({ symbol, path }) => ({ kind: 'memory' as const, symbol, path, span }));
const registerPlace = fc
  .record({ thread: fc.nat(3), name: fc.constantFrom('EAX', 'r1', 'R31', '$v0') })
  .map((place): PlaceSyntax & { kind: 'register' } => ({ kind: 'register', ...place, span }));
const place: fc.Arbitrary<PlaceSyntax> = fc.oneof(memory, registerPlace);
const integer = fc
  .bigInt({ min: -(2n ** 64n), max: 2n ** 64n })
  .map((value): InitValue => ({ kind: 'integer', value, span }));
const { value } = fc.letrec<{ value: InitValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    integer,
    memory.map((target): InitValue => ({ kind: 'address', place: target, span })),
    fc.array(tie('value'), { maxLength: 3 }).map((values): InitValue => ({ kind: 'list', values, span })),
  ),
}));

const entry: fc.Arbitrary<InitEntry> = fc
  .record(
    {
      place,
      type: fc.constantFrom('int', 'long *', 'struct data', 'unsigned int **'),
      length: fc.nat(4),
      value,
    },
    { requiredKeys: ['place'] },
  )
  .map(({ length, ...made }) => {
    // A length needs a type and a plain name; a typed element `int a[1]` would read as an array.
    const typed =
      made.type !== undefined && made.place.kind === 'memory'
        ? { ...made, place: { ...made.place, path: [] } }
        : made;
    return { span, ...typed, ...(length !== undefined && typed !== made && { length }) };
  });

const { proposition } = fc.letrec<{ proposition: PropositionSyntax }>((tie) => ({
  proposition: fc.oneof(
    { maxDepth: 5 },
    fc
      .record({
        op: fc.constantFrom('=' as const, '!=' as const),
        left: place,
        right: fc.oneof(value, place),
      })
      .map((made): PropositionSyntax => ({ kind: 'compare', ...made, span })),
    fc.constantFrom('true' as const, 'false' as const).map((kind): PropositionSyntax => ({ kind, span })),
    tie('proposition').map((operand): PropositionSyntax => ({ kind: 'not', operand, span })),
    fc
      .record({
        kind: fc.constantFrom('and' as const, 'or' as const, 'implies' as const),
        left: tie('proposition'),
        right: tie('proposition'),
      })
      .map((made): PropositionSyntax => ({ ...made, span })),
  ),
}));

// In a program, `exists` begins the condition.
const operandName = fc.constantFrom('x', 'y', 'existing', 'LC00');
const labels = fc.constantFrom('LC00', 'L1', '.end');
const number = fc.bigInt({ min: -65536n, max: 65536n });
const operands: Record<'X86' | 'Alpha', fc.Arbitrary<Operand>> = {
  X86: fc.oneof(
    fc.constantFrom('EAX', 'EDI').map((name): Operand => ({ kind: 'register', name, span })),
    number.map((found): Operand => ({ kind: 'immediate', value: found, span })),
    fc.record({ name: operandName }).map((made): Operand => ({ kind: 'symbol', ...made, span })),
    fc.constant<Operand>({ kind: 'symbol', name: 'x', dollar: true, span }),
    fc.record({ name: fc.constantFrom('x', 'EBX'), displacement: number }).map(
      ({ name, displacement }): Operand => ({
        kind: 'memory',
        base: { kind: name === 'x' ? 'symbol' : 'register', name },
        displacement,
        span,
      }),
    ),
  ),
  Alpha: fc.oneof(
    fc.constantFrom('R0', 'R31').map((name): Operand => ({ kind: 'register', name, span })),
    number.map((found): Operand => ({ kind: 'immediate', value: found, span })),
    fc.record({ name: operandName }).map((made): Operand => ({ kind: 'symbol', ...made, span })),
    fc.constant<Operand>({ kind: 'memory', base: { kind: 'symbol', name: 'x' }, displacement: 0n, span }),
    number.map(
      (displacement): Operand => ({
        kind: 'memory',
        base: { kind: 'register', name: 'R7' },
        displacement,
        span,
      }),
    ),
  ),
};

const line = (dialect: 'X86' | 'Alpha'): fc.Arbitrary<AssemblyLine> =>
  fc.oneof(
    labels.map((name): AssemblyLine => ({ kind: 'label', name, span })),
    fc
      .record({
        mnemonic: fc.constantFrom('MOV', 'LDQ_L', 'MB', 'JNE'),
        operands: fc.array(operands[dialect], { maxLength: 3 }),
        locked: fc.boolean(),
      })
      .map(
        ({ locked, ...made }): AssemblyLine => ({
          kind: 'instruction',
          ...made,
          ...(locked && dialect === 'X86' && { prefix: 'LOCK' }),
          span,
        }),
      ),
  );

const syntax: fc.Arbitrary<LitmusSyntax<AssemblyBody>> = fc
  .constantFrom('X86' as const, 'Alpha' as const)
  .chain((dialect) =>
    fc.record(
      {
        dialect: fc.constant(dialect),
        name: fc
          .stringMatching(/^[A-Za-z0-9+._/:-][A-Za-z0-9+._/:[\]-]{0,20}$/)
          .filter((name) => name !== '--' && !name.endsWith('.litmus')),
        source: fc.constant(source),
        notes: fc.constant([]),
        info: fc.array(
          fc.tuple(fc.constantFrom('Cycle', 'Relax', ''), fc.stringMatching(/^[A-Za-z0-9+,=]{1,10}$/)),
        ),
        init: fc.array(entry, { maxLength: 5 }),
        body: fc
          .array(fc.array(line(dialect), { maxLength: 5 }), { minLength: 1, maxLength: 4 })
          .map((threads) => ({ threads, span })),
        locations: fc.array(place, { maxLength: 3 }),
        filter: proposition,
        condition: fc.record({
          quantifier: fc.constantFrom('exists' as const, 'not-exists' as const, 'forall' as const),
          proposition,
        }),
      },
      {
        requiredKeys: [
          'dialect',
          'name',
          'source',
          'notes',
          'info',
          'init',
          'body',
          'locations',
          'condition',
        ],
      },
    ),
  );

describe('printing, then parsing', () => {
  it('gives the same tree', () => {
    fc.assert(
      fc.property(syntax, (tree) => {
        expect(bare(parseSyntax(new Source('printed', printLitmus(tree))))).toEqual(bare(tree));
      }),
      runs(200),
    );
  });

  it.each([
    ['x86', 199],
    ['alpha-asm', 476],
  ])('gives the same tree and the same test for the corpus %s', (name, count) => {
    const files = corpusFiles(name);
    if (files.length === 0) return;
    expect(files).toHaveLength(count);
    for (const file of files) {
      const tree = parseSyntax(file);
      const printed = new Source(file.name, printLitmus(tree));
      expect(bare(parseSyntax(printed))).toEqual(bare(tree));
      expect(bare(parseLitmus(printed))).toEqual(bare(parseLitmus(file)));
    }
  });
});
