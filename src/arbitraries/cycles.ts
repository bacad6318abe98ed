import fc from 'fast-check';
import { fenceSteps, simpleSteps, sometimes, storeds, structures, type Vocabulary } from './program-steps.js';
import type { Place, Region, ShapeStep, Stored, ThreadShape } from './shapes.js';

/**
 * The rings that the literature names: for each thread, the access to its own location and that to the next
 * thread's, R or W.
 */
const rings = {
  SB: ['WR', 'WR'],
  LB: ['RW', 'RW'],
  MP: ['WW', 'RR'],
  '2+2W': ['WW', 'WW'],
  S: ['WW', 'RW'],
  R: ['WW', 'WR'],
  ISA2: ['WW', 'RW', 'RR'],
  '3.SB': ['WR', 'WR', 'WR'],
  '3.LB': ['RW', 'RW', 'RW'],
};

/** How the two accesses of a thread hang together. */
type Link =
  | 'none'
  | 'grace-period'
  | 'fence'
  | 'dependency'
  | 'control'
  | 'after'
  | 'rmw'
  | 'rmw-first'
  | 'comparison';

const LINKS: readonly Link[] = ['none', 'control', 'after', 'rmw', 'rmw-first', 'comparison'];

/** What is chosen for one thread of a ring. */
interface Corner {
  readonly link: Link;
  readonly fence: ShapeStep;
  readonly stored: Stored;
  readonly loads: readonly string[];
  readonly stores: readonly string[];
  readonly rmws: readonly string[];
  readonly scope: ThreadShape['scope'];
  readonly extra: ShapeStep | undefined;
  /** The region around the whole thread, but where there is a grace period. */
  readonly region: Region | undefined;
  /** The structure of SRCU that the region and the grace period are of, if they are. */
  readonly srcu: number | undefined;
  /** The fences around the whole thread. */
  readonly around: readonly [readonly string[], readonly string[]] | undefined;
}

/**
 * Threads in a ring, with fences and dependencies anywhere. One more access here and there makes the shapes
 * with three events on a thread.
 */
export function cycles(words: Vocabulary): fc.Arbitrary<ThreadShape[]> {
  const { loads, stores, rmws } = words;
  const waits = words.regions || words.srcu;
  const graces = waits ? [{ weight: 5, arbitrary: fc.constant<Link>('grace-period') }] : [];
  const corner: fc.Arbitrary<Corner> = fc.record({
    link: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom<Link[]>('fence', 'dependency') },
      { weight: 3, arbitrary: fc.constantFrom(...LINKS) },
      ...graces,
    ),
    fence: fenceSteps(words),
    stored: storeds,
    loads: fc.constantFrom(...loads),
    stores: fc.constantFrom(...stores),
    rmws: fc.constantFrom(...rmws),
    scope: fc.constantFrom('join', 'rest'),
    extra: sometimes(simpleSteps(words)),
    around:
      words.sections.length > 0 ? sometimes(fc.constantFrom(...words.sections)) : fc.constant(undefined),
    region: waits
      ? fc.constantFrom<(Region | undefined)[]>(
          'section',
          'section',
          'section',
          'irqs-disabled',
          'irqs-saved',
          undefined,
        )
      : fc.constant(undefined),
    srcu: !words.srcu
      ? fc.constant(undefined)
      : words.regions
        ? fc.option(structures, { nil: undefined, freq: 2 })
        : structures,
  });
  return fc.constantFrom(...Object.values(rings)).chain((ring) =>
    fc.tuple(fc.boolean(), ...ring.map(() => corner)).map(([areAlike, first, ...others]) => {
      // What is forbidden is mostly so because every thread does the same.
      const { link, fence } = first;
      const corners = [first, ...others.map((c) => (areAlike ? { ...c, link, fence } : c))];
      return corners.map(
        (c, at): ThreadShape => ({
          scope: c.scope,
          steps: stepsOf(c, ring[at], at, (at + 1) % ring.length),
        }),
      );
    }),
  );
}

function stepsOf(corner: Corner, accesses: string, own: number, next: number): ShapeStep[] {
  const inside = [
    ...(corner.link === 'rmw-first'
      ? linked({ ...corner, link: 'rmw' }, accesses[0], own)
      : [access(corner, accesses[0], own)]),
    ...(corner.link === 'fence' ? [corner.fence] : []),
    ...linked(corner, accesses[1], next),
    ...(corner.extra ? [corner.extra] : []),
  ];
  if (corner.region && corner.link !== 'grace-period' && corner.srcu !== undefined)
    return [{ does: 'srcu', on: corner.srcu, within: inside }];
  if (corner.region && corner.link !== 'grace-period')
    return [{ does: 'region', region: corner.region, within: inside }];
  if (!corner.around) return inside;
  const [begin, end] = corner.around;
  return [{ does: 'section', begin, end, within: inside }];
}

function access({ loads, stores }: Corner, kind: string, cell: number): ShapeStep {
  const place: Place = { is: 'cell', cell };
  if (kind === 'R') return { does: 'load', from: place, tags: loads };
  return { does: 'store', to: place, value: { is: 'constant', number: 1 }, tags: stores };
}

function linked(corner: Corner, kind: string, cell: number): ShapeStep[] {
  const { stored: value, loads, stores, rmws: tags } = corner;
  const place: Place = { is: 'cell', cell };
  const dependent: Place = { is: 'false-dependency', cell, register: 0 };
  switch (corner.link) {
    case 'grace-period':
      return [
        corner.srcu === undefined ? { does: 'grace-period' } : { does: 'srcu-wait', on: corner.srcu },
        access(corner, kind, cell),
      ];
    case 'dependency':
      if (kind === 'R') return [{ does: 'load', from: dependent, tags: loads }];
      return [{ does: 'store', to: value.is === 'constant' ? dependent : place, value, tags: stores }];
    case 'control':
      return [{ does: 'if', tested: { register: 0 }, yes: [access(corner, kind, cell)], no: [] }];
    case 'after':
      // Where the control of the branch ends is what tells C from assembly.
      return [{ does: 'if', tested: { register: 0 }, yes: [], no: [] }, access(corner, kind, cell)];
    case 'rmw':
      return [{ does: 'rmw', how: 'exchange', on: place, value, expected: value, tags }];
    case 'comparison': {
      // Whether it stores depends on what was read before.
      const expected: Stored = { is: 'false-dependency', register: 0, number: 0 };
      const one: Stored = { is: 'constant', number: 1 };
      return [{ does: 'rmw', how: 'compare', on: place, value: one, expected, tags }];
    }
    default:
      return [access(corner, kind, cell)];
  }
}
