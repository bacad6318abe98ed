import fc from 'fast-check';
import type { Choosing, Join, Leg, Place, Region, ShapeStep, Stored, Test, Tested } from './shapes.js';

/** Tags of one event. */
export type Tags = readonly string[];

/** The words that programs for one kind of machine are made of: tags, of which each list may repeat some. */
export interface Vocabulary {
  readonly loads: readonly Tags[];
  readonly stores: readonly Tags[];
  readonly rmws: readonly Tags[];
  readonly fences: readonly Tags[];
  /** Pairs of fences that stand around something. */
  readonly sections: readonly (readonly [begin: Tags, end: Tags])[];
  /** Whether there are locks. */
  readonly locks: boolean;
  /** Whether there is SRCU. */
  readonly srcu?: boolean;
  /** Whether memory is allocated and freed. */
  readonly memory?: boolean;
  /** Whether there are read-side sections, grace periods, and places where interrupts are disabled. */
  readonly regions: boolean;
  /** How values and addresses are chosen by what was read, and tests joined; absent where none are. */
  readonly choices?: { readonly how: readonly Choosing[]; readonly joins: readonly Join[] };
}

/** Choices of every kind. */
export const allChoices: Vocabulary['choices'] = {
  how: ['one-leg', 'two-legs', 'expression'],
  joins: ['&&', '||', '&', '|'],
};

/** A fence in the words of all machine models that know one: what it orders is the same for all of them. */
export const FULL: Tags = ['MFENCE', 'MB'];
/** The same for a fence that orders stores alone. */
export const STORES: Tags = ['STBAR', 'WMB'];

const plain: readonly Tags[] = [['Once']];

/** Programs that mean the same to all machine models. */
export const commonWords: Vocabulary = {
  loads: plain,
  stores: plain,
  rmws: plain,
  fences: [FULL, STORES],
  sections: [],
  locks: false,
  regions: false,
};

/** Programs of machines, with the fences of each. */
export const machineWords: Vocabulary = {
  ...commonWords,
  fences: [FULL, STORES, FULL, STORES, ['MB'], ['WMB'], ['MFENCE'], ['STBAR'], ['LFENCE'], ['SFENCE']],
};

/** The same, with regions. */
export const regionWords: Vocabulary = { ...machineWords, regions: true };

/** Programs of machines, with SRCU. */
export const srcuWords: Vocabulary = { ...machineWords, srcu: true };

/** Programs of the Linux kernel. */
export const kernelWords: Vocabulary = {
  loads: [['Once'], ['Once'], ['Once'], ['Acquire'], ['Plain']],
  stores: [['Once'], ['Once'], ['Once'], ['Release'], ['Plain']],
  rmws: [['Once'], ['MB'], ['Acquire'], ['Release'], ['Noreturn']],
  fences: [
    ...[['mb'], ['mb'], ['wmb'], ['rmb'], ['sync-rcu'], ['sync-rcu'], ['barrier']],
    ...[['before-atomic'], ['after-atomic'], ['after-spinlock'], ['after-unlock-lock']],
  ],
  sections: [[['rcu-lock'], ['rcu-unlock']]],
  locks: true,
  regions: false,
};

/** What comes first in a list of kinds is the smallest, and what the others shrink to. */
export const shrinking = { withCrossShrink: true } as const;

export const index = fc.nat({ max: 5 });
const number = fc.constantFrom(1, 0, 2, 1, 0, -1);

/** Nothing, most of the time. */
export function sometimes<Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof(shrinking, { weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
}

const operators = fc.constantFrom('^', '-', '&', '+');

/** What a store stores. */
export const storeds: fc.Arbitrary<Stored> = fc.oneof(
  shrinking,
  { weight: 8, arbitrary: fc.record({ is: fc.constant('constant'), number }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('copy'), register: index }) },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('false-dependency'), register: index, number }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('combined'), op: operators, register: index, other: index }),
  },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('comparison'), register: index, number }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('successor'), register: index }) },
);

const places: fc.Arbitrary<Place> = fc.oneof(
  shrinking,
  { weight: 5, arbitrary: fc.record({ is: fc.constant('cell'), cell: index }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('false-dependency'), cell: index, register: index }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('pointer'), cell: index, register: index }) },
);

/** Steps that allocate and free, and those without which nothing comes of it. */
function memorySteps(words: Vocabulary): fc.Arbitrary<ShapeStep> {
  const now = fc.constantFrom(false, false, false, false, false, true);
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant('free'),
        place: places,
        beside: now,
        tags: fc.constantFrom(...words.stores).map((tags) => [...tags, 'Free']),
      }),
    },
    {
      weight: 8,
      arbitrary: fc.record(
        {
          does: fc.constant('allocate' as const),
          zeroed: fc.boolean(),
          publish: fc.record({ fence: fc.constantFrom(...words.fences) }, { requiredKeys: [] }),
        },
        { requiredKeys: ['does', 'zeroed'] },
      ),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        does: fc.constant('follow'),
        doing: fc.constantFrom('load', 'load', 'store', 'free'),
        tags: fc.constantFrom(...words.stores),
      }),
    },
  );
}

export function fenceSteps({ fences }: Vocabulary): fc.Arbitrary<ShapeStep> {
  return fc.record({ does: fc.constant('fence'), tags: fc.constantFrom(...fences) });
}

/** Steps without steps inside. */
export function simpleSteps(words: Vocabulary): fc.Arbitrary<ShapeStep> {
  const [load, store] = [fc.constantFrom(...words.loads), fc.constantFrom(...words.stores)];
  const copy = fc.boolean();
  return fc.oneof(
    shrinking,
    { weight: 6, arbitrary: fc.record({ does: fc.constant('load'), from: places, tags: load }) },
    {
      weight: 6,
      arbitrary: fc.record({ does: fc.constant('store'), to: places, value: storeds, tags: store }),
    },
    { weight: 3, arbitrary: fenceSteps(words) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('load-pointer') }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('store-pointer'), cell: index, copy }) },
    { weight: 2, arbitrary: rmws(words) },
    ...(words.memory ? [{ weight: 7, arbitrary: memorySteps(words) }] : []),
  );
}

/** Steps of all kinds. */
export function steps(words: Vocabulary): fc.Arbitrary<ShapeStep> {
  const simple = (maxLength: number) => fc.array(simpleSteps(words), { maxLength });
  const around = words.sections.length > 0 ? [{ weight: 2, arbitrary: sections(words, simple(2)) }] : [];
  const tried = fc.constantFrom(false, false, true);
  const locked = fc.record({ does: fc.constant('locked'), on: index, within: simple(2), tried });
  const looked = fc.record({ does: fc.constant('is-locked'), on: index });
  return fc.oneof(
    shrinking,
    { weight: 14, arbitrary: simpleSteps(words) },
    { weight: 2, arbitrary: conditionals(words, simple(2)) },
    ...choices(words).map((arbitrary) => ({ weight: 1, arbitrary })),
    { weight: 1, arbitrary: pairs(simple(1)) },
    ...around,
    ...(words.regions
      ? [
          { weight: 3, arbitrary: regions(simple(2)) },
          { weight: 2, arbitrary: fc.constant<ShapeStep>({ does: 'grace-period' }) },
        ]
      : []),
    ...(words.srcu
      ? [
          {
            weight: 3,
            arbitrary: fc.record({ does: fc.constant('srcu'), on: structures, within: simple(2) }),
          },
          { weight: 2, arbitrary: fc.record({ does: fc.constant('srcu-wait'), on: structures }) },
        ]
      : []),
    ...(words.locks
      ? [
          { weight: 3, arbitrary: locked },
          { weight: 1, arbitrary: looked },
        ]
      : []),
  );
}

function sections({ sections }: Vocabulary, within: fc.Arbitrary<ShapeStep[]>): fc.Arbitrary<ShapeStep> {
  return fc
    .record({ section: fc.constantFrom(...sections), within })
    .map(({ section: [begin, end], within }) => ({ does: 'section', begin, end, within }));
}

/** Mostly the same one. */
export const structures = fc.constantFrom(0, 0, 0, 1);

const kinds = fc.constantFrom<Region[]>(
  'section',
  'section',
  'irqs-disabled',
  'irqs-saved',
  'irqs-left-disabled',
);

/** Regions, some of which hold another one. */
function regions(within: fc.Arbitrary<ShapeStep[]>): fc.Arbitrary<ShapeStep> {
  const plain = fc.record({ does: fc.constant('region'), region: kinds, within });
  const nested = fc
    .tuple(within, plain, within)
    .map(([before, inner, after]) => [...before, inner, ...after]);
  return fc.oneof(
    { weight: 3, arbitrary: plain },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('region'), region: kinds, within: nested }) },
  );
}

function rmws(words: Vocabulary): fc.Arbitrary<ShapeStep> {
  return fc.record({
    does: fc.constant('rmw'),
    how: fc.constantFrom('exchange', 'add', 'compare'),
    on: places,
    value: storeds,
    expected: storeds,
    tags: fc.constantFrom(...words.rmws),
  });
}

function pairs(between: fc.Arbitrary<ShapeStep[]>): fc.Arbitrary<ShapeStep> {
  const now = fc.constantFrom(false, false, false, true);
  return fc.record({
    does: fc.constant('pair'),
    on: index,
    between,
    value: storeds,
    elsewhere: now,
    again: now,
  });
}

const wanted = fc.option(fc.constantFrom(0, 1), { nil: undefined });
const test: fc.Arbitrary<Test> = fc.record({ register: index, number: wanted });

/** What a branch tests: mostly one register. */
function tests({ choices }: Vocabulary): fc.Arbitrary<Tested> {
  if (!choices) return test;
  const also = fc
    .tuple(test, fc.constantFrom(...choices.joins))
    .map(([other, op]): Tested['also'] => ({ ...other, op }));
  const joined = fc.tuple(test, also).map(([one, other]): Tested => ({ ...one, also: other }));
  return fc.oneof(shrinking, { weight: 5, arbitrary: test }, { weight: 1, arbitrary: joined });
}

function conditionals(words: Vocabulary, parts: fc.Arbitrary<ShapeStep[]>): fc.Arbitrary<ShapeStep> {
  return fc.record({ does: fc.constant('if'), tested: tests(words), yes: parts, no: parts });
}

/** Steps that choose what a register holds: a number, or an address. */
function choices(words: Vocabulary): fc.Arbitrary<ShapeStep>[] {
  if (!words.choices) return [];
  const [tested, how] = [tests(words), fc.constantFrom(...words.choices.how)];
  const leg = legs(words);
  return [
    fc.record({ does: fc.constant('choose'), tested, how, yes: leg, no: leg }),
    fc.record({ does: fc.constant('choose-pointer'), tested, how, yes: index, no: index }),
  ];
}

function legs({ loads }: Vocabulary): fc.Arbitrary<Leg> {
  return fc.oneof(
    shrinking,
    { weight: 6, arbitrary: fc.record({ is: fc.constant('constant'), number }) },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('copy'), register: index }) },
    {
      weight: 1,
      arbitrary: fc.record({ is: fc.constant('load'), cell: index, tags: fc.constantFrom(...loads) }),
    },
  );
}
