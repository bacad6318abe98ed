import fc from 'fast-check';
import {
  cellId,
  type Observable,
  type Program,
  type Proposition,
  registerId,
  type Value,
} from '../../src/program/index.js';
import { programOf } from './build.js';
import { printProgram, printProposition } from './print.js';
import {
  FULL,
  type Place,
  type ProgramShape,
  STORES,
  type Step,
  type Stored,
  type ThreadShape,
} from './shapes.js';

/** A random program, and a random statement about its final states. */
export interface Sample {
  readonly program: Program;
  readonly proposition: Proposition;
}

/** What the random programs may contain. */
export interface Mix {
  /** The fences, by their tags. */
  readonly fences?: readonly (readonly string[])[];
  /** @default true */
  readonly interrupts?: boolean;
  /** Whether a pointer may point to nothing. @default true */
  readonly faults?: boolean;
}

const allFences = [
  FULL,
  STORES,
  FULL,
  STORES,
  ['MB'],
  ['WMB'],
  ['MFENCE'],
  ['STBAR'],
  ['LFENCE'],
  ['SFENCE'],
];
/** Fences that mean the same to all models that know a fence of the kind. */
export const commonFences = [FULL, STORES];

/** Small programs with a statement each; about half are cycles of the shapes that the literature names. */
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

/** All that a final state of a program shows, in the order of answers: by thread, then locations; each by name. */
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

function shapes(mix: Mix): fc.Arbitrary<ProgramShape> {
  return fc.oneof({ weight: 1, arbitrary: freeShapes(mix) }, { weight: 1, arbitrary: cycles(mix) });
}

const number = fc.constantFrom(1, 0, 2, 1, 0, -1);
const index = fc.nat({ max: 5 });
const type = fc.constantFrom<ProgramShape['type'][]>('int', 'int', 'int', 'unsigned', 'byte', 'bool');
const scope = fc.constantFrom<ThreadShape['scope'][]>('join', 'rest');

function freeShapes(mix: Mix): fc.Arbitrary<ProgramShape> {
  const threads = fc.oneof(
    { weight: 3, arbitrary: fc.array(threadShapes(mix, 4), { minLength: 2, maxLength: 2 }) },
    { weight: 1, arbitrary: fc.array(threadShapes(mix, 2), { minLength: 3, maxLength: 3 }) },
  );
  return fc.record({ ...common(mix), threads });
}

/** Fields that every shape has; a handler now and then. */
function common(mix: Mix) {
  const handler = fc.record({
    on: index,
    kind: fc.constantFrom<('nmi' | 'irq')[]>('nmi', 'irq'),
    scope,
    steps: fc.array(steps(mix), { minLength: 1, maxLength: 2 }),
  });
  const never = fc.constant(undefined);
  return {
    cells: fc.constantFrom(2, 1, 2, 3),
    type,
    initial: fc.constantFrom(0, 0, 0, 1),
    pointer: mix.faults === false ? fc.constantFrom(1, 2) : fc.constantFrom(1, 2, 0, 1),
    handler: mix.interrupts === false ? never : sometimes(handler),
  };
}

function sometimes<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

function threadShapes(mix: Mix, maxLength: number): fc.Arbitrary<ThreadShape> {
  return fc.record({ scope, steps: fc.array(steps(mix), { minLength: 1, maxLength, size: 'max' }) });
}

function steps(mix: Mix): fc.Arbitrary<Step> {
  return fc.oneof(
    { weight: 14, arbitrary: simpleSteps(mix) },
    { weight: 2, arbitrary: conditionals(fc.array(simpleSteps(mix), { maxLength: 2 })) },
    { weight: 1, arbitrary: pairs(fc.array(simpleSteps(mix), { maxLength: 1 })) },
  );
}

const cellPlace: fc.Arbitrary<Place> = fc.record({ is: fc.constant('cell'), cell: index });
const places: fc.Arbitrary<Place> = fc.oneof(
  { weight: 5, arbitrary: cellPlace },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('false-dependency'), cell: index, register: index }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('pointer'), cell: index, register: index }) },
);

const constants: fc.Arbitrary<Stored> = fc.record({ is: fc.constant('constant'), number });
const operators = fc.constantFrom('^', '-', '&', '+');
const storeds: fc.Arbitrary<Stored> = fc.oneof(
  { weight: 8, arbitrary: constants },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('copy'), register: index }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('false-dependency'), register: index, number }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('combined'), op: operators, register: index, other: index }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('comparison'), register: index, number }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('successor'), register: index }) },
);

function fenceSteps({ fences = allFences }: Mix): fc.Arbitrary<Step> {
  return fc.record({ does: fc.constant('fence'), tags: fc.constantFrom(...fences) });
}

function simpleSteps(mix: Mix): fc.Arbitrary<Step> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ does: fc.constant('load'), from: places }) },
    { weight: 6, arbitrary: fc.record({ does: fc.constant('store'), to: places, value: storeds }) },
    { weight: 3, arbitrary: fenceSteps(mix) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('load-pointer') }) },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('store-pointer'), cell: index, copy: fc.boolean() }),
    },
    { weight: 2, arbitrary: rmws },
  );
}

const rmws: fc.Arbitrary<Step> = fc.record({
  does: fc.constant('rmw'),
  how: fc.constantFrom('exchange', 'add', 'compare'),
  on: places,
  value: storeds,
  expected: storeds,
});

function pairs(between: fc.Arbitrary<Step[]>): fc.Arbitrary<Step> {
  const elsewhere = fc.constantFrom(false, false, false, true);
  return fc.record({
    does: fc.constant('pair'),
    on: index,
    between,
    value: storeds,
    elsewhere,
    again: elsewhere,
  });
}

function conditionals(parts: fc.Arbitrary<Step[]>): fc.Arbitrary<Step> {
  const wanted = fc.option(fc.constantFrom(0, 1), { nil: undefined });
  return fc.record({
    does: fc.constant('if'),
    register: index,
    number: wanted,
    yes: parts,
    no: parts,
  });
}

// --- Cycles ---

/** How the two accesses of a thread in a cycle hang together. */
type Link = 'none' | 'fence' | 'dependency' | 'control' | 'after' | 'rmw' | 'comparison';

/**
 * Threads in a ring, each with an access to one location and then to the next thread's: message passing, store buffering,
 * load buffering, 2+2W, R, S and their like of two and three threads, with fences and dependencies anywhere. One
 * more access here and there makes the shapes with three events on a thread.
 */
function cycles(mix: Mix): fc.Arbitrary<ProgramShape> {
  const threads = (accesses: readonly (readonly [Kind, Kind])[]) =>
    fc.tuple(...accesses.map(([first, second]) => corners(mix, first, second)));
  const ring = fc.constantFrom(...rings).chain(threads);
  return fc
    .record({
      ...common(mix),
      ring,
    })
    .map(({ ring, ...rest }): ProgramShape => {
      const threads = ring.map((c, at): ThreadShape => {
        const linked = linkedAccess(c.link, c.second === 'load', (at + 1) % ring.length, c.stored);
        const before: Step[] = c.link === 'fence' ? [c.fence] : [];
        const extra = c.extra ? [c.extra] : [];
        return { scope: c.scope, steps: [access(c.first === 'load', at), ...before, ...linked, ...extra] };
      });
      return { ...rest, cells: ring.length, threads };
    });
}

type Kind = 'load' | 'store';

/** For each thread of a ring, its access to its own location and that to the next thread's. */
const rings: readonly (readonly (readonly [Kind, Kind])[])[] = [
  [
    ['store', 'load'],
    ['store', 'load'],
  ], // SB
  [
    ['load', 'store'],
    ['load', 'store'],
  ], // LB
  [
    ['store', 'store'],
    ['load', 'load'],
  ], // MP
  [
    ['store', 'store'],
    ['store', 'store'],
  ], // 2+2W
  [
    ['store', 'store'],
    ['load', 'store'],
  ], // S
  [
    ['store', 'store'],
    ['store', 'load'],
  ], // R
  [
    ['store', 'store'],
    ['load', 'store'],
    ['load', 'load'],
  ], // ISA2
  [
    ['store', 'load'],
    ['store', 'load'],
    ['store', 'load'],
  ], // SB of three
  [
    ['load', 'store'],
    ['load', 'store'],
    ['load', 'store'],
  ], // LB of three
];

/** A thread of a cycle. */
function corners(mix: Mix, first: Kind, second: Kind) {
  return fc.record({
    first: fc.constant(first),
    second: fc.constant(second),
    link: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom<Link[]>('fence', 'dependency') },
      { weight: 3, arbitrary: fc.constantFrom<Link[]>('none', 'control', 'after', 'rmw', 'comparison') },
    ),
    fence: fenceSteps(mix),
    stored: storeds,
    scope,
    extra: sometimes(simpleSteps(mix)),
  });
}

function access(isLoad: boolean, cell: number): Step {
  const place: Place = { is: 'cell', cell };
  if (isLoad) return { does: 'load', from: place };
  return { does: 'store', to: place, value: { is: 'constant', number: 1 } };
}

function linkedAccess(link: Link, isLoad: boolean, cell: number, value: Stored): Step[] {
  const place: Place = { is: 'cell', cell };
  const dependent: Place = { is: 'false-dependency', cell, register: 0 };
  switch (link) {
    case 'dependency':
      if (isLoad) return [{ does: 'load', from: dependent }];
      return [{ does: 'store', to: value.is === 'constant' ? dependent : place, value }];
    case 'control':
      return [{ does: 'if', register: 0, yes: [access(isLoad, cell)], no: [] }];
    case 'after':
      // Where the control of the branch ends is what tells C from assembly.
      return [{ does: 'if', register: 0, yes: [], no: [] }, access(isLoad, cell)];
    case 'rmw':
      return [{ does: 'rmw', how: 'exchange', on: place, value, expected: value }];
    case 'comparison': {
      // Whether it stores depends on what was read before.
      const expected: Stored = { is: 'false-dependency', register: 0, number: 0 };
      return [{ does: 'rmw', how: 'compare', on: place, value: { is: 'constant', number: 1 }, expected }];
    }
    default:
      return [access(isLoad, cell)];
  }
}

// --- Statements ---

function propositions(program: Program): fc.Arbitrary<Proposition> {
  const observables = everythingOf(program);
  const values: Value[] = [0n, 1n, 2n, ...program.cells.map(({ symbol }) => ({ symbol, offset: 0 }))];
  const value = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Value[]>(0n, 1n, 1n, 2n) },
    { weight: 1, arbitrary: fc.constantFrom(...values) },
  );
  const observable = fc.constantFrom(...observables);
  const right = fc.oneof({ weight: 6, arbitrary: value }, { weight: 1, arbitrary: observable });
  const equality = fc.record({ kind: fc.constant('equals'), left: observable, right });
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
