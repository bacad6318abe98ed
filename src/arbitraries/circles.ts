import fc from 'fast-check';
import { fenceSteps, simpleSteps, sometimes, type Vocabulary } from './program-steps.js';
import type { Choosing, Place, ProgramShape, ShapeStep, Stored, Tested, ThreadShape } from './shapes.js';

/**
 * How a thread passes on what it has read. Each way stores a 1 to the next location when a 1 was read, so
 * that the threads of a circle can justify each other's values, where the model lets them.
 */
const passings = [
  'choice',
  'choice',
  'choice',
  'address',
  'address',
  'exchanged',
  'compared',
  'loaded',
  'followed',
  'control',
  'either',
  'comparison',
  'data',
  'dependency',
] as const;

/** What is chosen for one thread of a circle. */
interface CircleLink {
  readonly passing: (typeof passings)[number];
  /** A compare-and-exchange reads: where it fails, it tells what is there. */
  readonly tries: boolean;
  readonly how: Choosing;
  readonly tested: Tested;
  readonly otherwise: number;
  readonly loads: readonly string[];
  readonly stores: readonly string[];
  readonly rmws: readonly string[];
  readonly scope: ThreadShape['scope'];
  readonly fence: ShapeStep | undefined;
  readonly extra: ShapeStep | undefined;
}

/** Where a thread reads, where it writes, and a location beside the circle. */
interface Ends {
  readonly own: number;
  readonly next: number;
  readonly spare: number;
}

type Circle = Pick<ProgramShape, 'cells' | 'threads' | 'initial'>;

/** Programs of two to four threads, each of which decides by what it reads of one what the next one reads. */
export function circles(words: Vocabulary): fc.Arbitrary<Circle> {
  if (!words.choices) throw new Error('circles are made of choices');
  const link = links(words, words.choices);
  const ring = fc
    .constantFrom(2, 2, 2, 2, 3, 3, 4)
    .chain((size) =>
      fc
        .tuple(fc.array(link, { minLength: size, maxLength: size }), fc.boolean(), fc.constantFrom(1, 0))
        .map(([all, isBeside, initial]) => inRing(all, isBeside && size < 4 ? 1 : 0, initial)),
    );
  const pointed = fc.tuple(link, link).map(([first, second]) => throughPointer(first, second));
  return fc.oneof({ weight: 6, arbitrary: ring }, { weight: 1, arbitrary: pointed });
}

function links(
  words: Vocabulary,
  { how, joins }: NonNullable<Vocabulary['choices']>,
): fc.Arbitrary<CircleLink> {
  // Mostly whether it is a 1; what another test adds makes no difference when a 1 was read.
  const first: Tested = { register: 0, number: 1 };
  const joined = fc.constantFrom(...joins).map((op): Tested => ({ ...first, also: { op, register: 0 } }));
  return fc.record({
    passing: fc.constantFrom(...passings),
    tries: fc.constantFrom(false, false, false, false, true),
    how: fc.constantFrom(...how),
    tested: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom<Tested[]>(first, { register: 0 }) },
      { weight: 1, arbitrary: joined },
    ),
    otherwise: fc.constantFrom(0, 0, 0, 2),
    loads: fc.constantFrom(...words.loads),
    stores: fc.constantFrom(...words.stores),
    rmws: fc.constantFrom(...words.rmws),
    scope: fc.constantFrom('join', 'rest'),
    fence: fc.option(fenceSteps(words), { nil: undefined, freq: 8 }),
    extra: sometimes(simpleSteps(words)),
  });
}

/** With a location beside the circle, that is the first one: it may hold a 1 from the start. */
function inRing(all: readonly CircleLink[], first: 0 | 1, initial: number): Circle {
  const size = all.length;
  const cells = Math.min(size + 1, 4);
  const threads = all.map((link, at): ThreadShape => {
    const ends = { own: first + at, next: first + ((at + 1) % size), spare: first === 1 ? 0 : size % cells };
    return { scope: link.scope, steps: [...reading(link, ends.own), ...passedOn(link, ends)] };
  });
  return { cells, threads, initial: first === 1 ? initial : 0 };
}

/** The first thread chooses what a pointer points to, and the second one decides by what it finds there. */
function throughPointer(first: CircleLink, second: CircleLink): Circle {
  const ends = { own: 1, next: 1, spare: 2 };
  const published: ShapeStep[] =
    first.passing === 'control'
      ? [{ does: 'if', tested: first.tested, yes: [{ does: 'store-pointer', cell: 0, copy: false }], no: [] }]
      : [
          { does: 'choose-pointer', tested: first.tested, how: first.how, yes: 0, no: 2 },
          { does: 'store-pointer', cell: 0, copy: true },
        ];
  const followed: ShapeStep[] = [
    { does: 'load-pointer' },
    { does: 'load', from: { is: 'pointer', register: 0, cell: 0 }, tags: second.loads },
  ];
  return {
    cells: 3,
    initial: 1,
    threads: [
      { scope: first.scope, steps: [...reading(first, ends.own), ...published] },
      { scope: second.scope, steps: [...followed, ...passedOn(second, ends)] },
    ],
  };
}

function reading({ tries, loads, rmws, otherwise }: CircleLink, own: number): ShapeStep[] {
  const from: Place = { is: 'cell', cell: own };
  if (!tries) return [{ does: 'load', from, tags: loads }];
  const [value, expected] = [constant(2), constant(otherwise)];
  return [{ does: 'rmw', how: 'compare', on: from, value, expected, tags: rmws }];
}

function passedOn(link: CircleLink, { own, next, spare }: Ends): ShapeStep[] {
  const { passing, how, tested, otherwise, loads, stores: tags, rmws, fence, extra } = link;
  const to: Place = { is: 'cell', cell: next };
  const store = (value: Stored): ShapeStep => ({ does: 'store', to, value, tags });
  const choose = (yes: (ShapeStep & { does: 'choose' })['yes']): ShapeStep => ({
    does: 'choose',
    tested,
    how,
    yes,
    no: { is: 'constant', number: otherwise },
  });
  const one = choose({ is: 'constant', number: 1 });
  const chosen: Stored = { is: 'copy', register: 1 };
  const exchange = (kind: 'exchange' | 'compare'): ShapeStep => ({
    does: 'rmw',
    how: kind,
    on: to,
    value: chosen,
    expected: constant(0),
    tags: rmws,
  });
  const steps: Readonly<Record<CircleLink['passing'], readonly ShapeStep[]>> = {
    choice: [one, store(chosen)],
    exchanged: [one, exchange('exchange')],
    compared: [one, exchange('compare')],
    loaded: [choose({ is: 'load', cell: spare, tags: loads }), store(chosen)],
    followed: [
      { does: 'choose-pointer', tested, how, yes: own, no: spare },
      { does: 'load', from: { is: 'pointer', register: 0, cell: own }, tags: loads },
      store({ is: 'copy', register: 1 }),
    ],
    address: [
      { does: 'choose-pointer', tested, how, yes: next, no: spare },
      { does: 'store', to: { is: 'pointer', register: 0, cell: next }, value: constant(1), tags },
    ],
    control: [{ does: 'if', tested, yes: [store(constant(1))], no: [] }],
    either: [{ does: 'if', tested, yes: [store(constant(1))], no: [store(constant(otherwise))] }],
    comparison: [store({ is: 'comparison', register: 0, number: 1 })],
    data: [store({ is: 'copy', register: 0 })],
    dependency: [store({ is: 'false-dependency', register: 0, number: 1 })],
  };
  return [...(fence ? [fence] : []), ...steps[passing], ...(extra ? [extra] : [])];
}

const constant = (number: number): Stored => ({ is: 'constant', number });
