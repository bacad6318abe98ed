import fc from 'fast-check';
import {
  cellId,
  type Observable,
  type Program,
  type Proposition,
  registerId,
  type Value,
  wrap,
} from '../program/index.js';
import { programOf } from './build.js';
import { circles } from './circles.js';
import { cycles } from './cycles.js';
import { printProgram, printProposition } from './print-program.js';
import { index, machineWords, shrinking, sometimes, steps, type Vocabulary } from './program-steps.js';
import type { ProgramShape, ThreadShape } from './shapes.js';

/** A random program, and a random statement about its final states. */
export interface Sample {
  readonly program: Program;
  readonly proposition: Proposition;
}

/** What the random programs may contain. */
export interface Mix {
  /** @default machineWords */
  readonly words?: Vocabulary;
  /** @default true */
  readonly interrupts?: boolean;
  /** Whether a pointer may point to nothing. @default true */
  readonly faults?: boolean;
  /** Types of integers. @default all */
  readonly types?: readonly ('int' | 'unsigned' | 'byte' | 'bool')[];
  /** Whether all are circles of values; they are made of `words.choices`. @default false */
  readonly circling?: boolean;
}

/**
 * Small programs with a statement each; half are cycles of the shapes that the literature names. Where values
 * are chosen, nearly half are circles of values, and the others are as before.
 */
export function samples(mix: Mix = {}): fc.Arbitrary<Sample> {
  return shapes(mix).chain((shape) => {
    const program = programOf(shape);
    return propositions(program).map((proposition): Sample => printable({ program, proposition }));
  });
}

function printable(sample: Sample): Sample {
  const print = () =>
    `${printProgram(sample.program)}\n~> ${printProposition(sample.program, sample.proposition)}`;
  return Object.assign(sample, { [fc.toStringMethod]: print });
}

/**
 * All that a final state of a program shows, in the order of answers: by thread, then locations; each by
 * name.
 */
export function everythingOf({ threads, cells }: Program): Observable[] {
  const byName = (list: readonly string[]) =>
    list.map((_, at) => at).sort((a, b) => (list[a] < list[b] ? -1 : 1));
  return [
    ...threads.flatMap(({ id, code }) =>
      byName(code.registers).map(
        (at): Observable => ({ kind: 'register', thread: id, register: registerId(at) }),
      ),
    ),
    ...byName(cells.map(({ name }) => name)).map((at): Observable => ({ kind: 'cell', cell: cellId(at) })),
  ];
}

// --- Programs ---

type Threads = Pick<ProgramShape, 'cells' | 'threads'> & Partial<ProgramShape>;

/** Trees of programs. */
export function shapes({
  words = machineWords,
  interrupts = true,
  faults = true,
  types = ['int', 'int', 'int', 'unsigned', 'byte', 'bool'],
  circling = false,
}: Mix): fc.Arbitrary<ProgramShape> {
  const handler = fc.record({
    on: index,
    kind: fc.constantFrom<('nmi' | 'irq')[]>('nmi', 'irq'),
    scope: fc.constantFrom('join', 'rest'),
    steps: fc.array(steps(words), { minLength: 1, maxLength: 2 }),
  });
  const free = fc.record({ cells: fc.constantFrom(2, 1, 2, 3), threads: freeThreads(words) });
  const ring = cycles(words).map((threads) => ({ cells: threads.length, threads }));
  const rest = fc.record({
    type: fc.constantFrom(...types),
    initial: fc.constantFrom(0, 0, 0, 1),
    pointer: faults ? fc.constantFrom(1, 2, 0, 1) : fc.constantFrom(1, 2),
    handler: interrupts ? sometimes(handler) : fc.constant(undefined),
    wide: fc.constantFrom(false, false, words.memory ?? false),
  });
  const mixed = fc.oneof(shrinking, free, ring);
  const threads = (): fc.Arbitrary<Threads> => {
    if (!words.choices) return mixed;
    const round = circles(words);
    if (circling) return round;
    return fc.oneof(shrinking, { weight: 4, arbitrary: mixed }, { weight: 3, arbitrary: round });
  };
  return fc.tuple(threads(), rest).map(([threads, others]) => ({ ...others, ...threads }));
}

function freeThreads(words: Vocabulary): fc.Arbitrary<ThreadShape[]> {
  const thread = (maxLength: number): fc.Arbitrary<ThreadShape> =>
    fc.record({
      scope: fc.constantFrom('join', 'rest'),
      steps: fc.array(steps(words), { minLength: 1, maxLength, size: 'max' }),
    });
  return fc.oneof(
    shrinking,
    { weight: 3, arbitrary: fc.array(thread(4), { minLength: 2, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(thread(2), { minLength: 3, maxLength: 3 }) },
  );
}

// --- Statements ---

/** A constant that a location can hold in place of one that it never does: no test asks for that. */
function fitting({ cells }: Program, left: Observable, right: Value | Observable): Value | Observable {
  return left.kind === 'cell' && typeof right === 'bigint' ? wrap(right, cells[left.cell].type) : right;
}

/** Statements about what a final state shows. */
export function propositions(
  program: Program,
  observables: readonly Observable[] = everythingOf(program),
): fc.Arbitrary<Proposition> {
  const values: Value[] = [0n, 1n, 2n, ...program.cells.map(({ symbol }) => ({ symbol, offset: 0 }))];
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Value[]>(0n, 1n, 1n, 2n) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
  const observable = fc.constantFrom(...observables);
  const right = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: observable });
  const equality = fc
    .tuple(observable, right)
    .map(([left, value]): Proposition => ({ kind: 'equals', left, right: fitting(program, left, value) }));
  const { tree } = fc.letrec<{ tree: Proposition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, depthSize: 'medium' },
      { weight: 3, arbitrary: equality },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('and'), left: tie('tree'), right: tie('tree') }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('or', 'implies'),
          left: tie('tree'),
          right: tie('tree'),
        }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('not'), operand: tie('tree') }) },
      { weight: 1, arbitrary: fc.constant<Proposition>({ kind: 'true' }) },
    ),
  }));
  // What a litmus test usually asks: values for some of all that can be observed.
  const outcome = fc
    .tuple(
      ...observables.map((left) =>
        fc.option(fc.constantFrom(0n, 1n), { freq: 3 }).map((right) => ({ left, right })),
      ),
    )
    .map((wanted) => wanted.reduce(withEquality, { kind: 'true' }));
  return fc.oneof(
    { weight: 2, arbitrary: outcome },
    { weight: 1, arbitrary: tree as fc.Arbitrary<Proposition> },
  );
}

function withEquality(
  rest: Proposition,
  { left, right }: { left: Observable; right: bigint | null },
): Proposition {
  if (right === null) return rest;
  const equality: Proposition = { kind: 'equals', left, right };
  return rest.kind === 'true' ? equality : { kind: 'and', left: rest, right: equality };
}
