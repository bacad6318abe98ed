import type { Cycle } from './cycle.js';
import type { RelaxationEdge } from './edge.js';
import { pointsIn } from './normal-form.js';
import type { Vocabulary } from './relaxation-vocabulary.js';

/** What the threads do first and last, and how such tests are called. */
const families: Readonly<Record<string, string>> = {
  'WW+RR': 'MP',
  'WR+WR': 'SB',
  'WR+WR+WR': '3.SB',
  'WR+WR+WR+WR': '4.SB',
  'W+RW+RR': 'WRC',
  'W+RR+WR': 'RWC',
  'RW+RW': 'LB',
  'RW+RW+RW': '3.LB',
  'RW+RW+RW+RW': '4.LB',
  'WW+WR': 'R',
  'W+RW+WR': 'WRW+WR',
  'W+RR+WW': 'WRR+2W',
  'WW+RW': 'S',
  'W+RW+RW': 'WWC',
  'WW+WW': '2+2W',
  'WW+WW+WW': '3.2W',
  'WW+WW+WW+WW': '4.2W',
  'W+RW+WW': 'WRW+2W',
  'WW+RR+WR': 'W+RWC',
  'WW+RW+RR': 'ISA2',
  'W+RR+W+RR': 'IRIW',
  'W+RR+W+RW': 'IRRWIW',
  'W+RW+W+RR': 'IRRWIW',
  'W+RW+W+RW': 'IRWIW',
  'WW+RW+WR': 'Z6.0',
  'WW+WW+RW': 'Z6.1',
  'WW+RW+RW': 'Z6.2',
  'WW+WW+RR': 'Z6.3',
  'WW+WR+WR': 'Z6.4',
  'WW+WW+WR': 'Z6.5',
};

/** The same of cycles in which every step is within one location. */
const ofOneLocation: Readonly<Record<string, string>> = {
  WW: 'CoWW',
  RW: 'CoRW1',
  'W+RW': 'CoRW2',
  'W+WR': 'CoWR',
  'W+RR': 'CoRR',
  WR: 'CoWR0',
};

/** The family that a cycle belongs to: `SB` whatever the order of its threads is kept by. */
function familyOf(cycle: Cycle): string {
  const key = pointsIn(cycle)!.join('+');
  const isOne = cycle.every(({ bare }) => bare.same);
  return (isOne ? ofOneLocation[key] : undefined) ?? families[key] ?? key;
}

/** The family, and what is in each thread: `MP+dmb.sy+addr`. */
export function nameOfCycle(cycle: Cycle, vocabulary: Vocabulary): string {
  return [familyOf(cycle), ...details(cycle, vocabulary)].join('+');
}

function details(cycle: Cycle, vocabulary: Vocabulary): string[] {
  const threads = insideThreads(cycle).map((edges) => threadName(edges, vocabulary));
  const others = lonelyAccesses(cycle, vocabulary);
  const [first] = threads;
  if (first === undefined || threads.some((name) => name !== first)) return [...threads, ...others];
  if (first === 'po' || (first === 'pos' && threads.length === 1)) return others;
  return [threads.length === 1 ? first : `${first}s`, ...others];
}

/** The steps within each thread that has any. */
function insideThreads(cycle: Cycle): RelaxationEdge[][] {
  const threads: RelaxationEdge[][] = [[]];
  for (const edge of cycle) {
    if (edge.bare.external) threads.push([]);
    else threads.at(-1)!.push(edge);
  }
  return threads.filter((edges) => edges.length > 0);
}

function threadName(edges: readonly RelaxationEdge[], vocabulary: Vocabulary): string {
  const parts = edges.map((edge, index) => {
    const next = edges[index + 1];
    const direction = next && leavesOpen(edge) && beginsOpen(next) ? edge.bare.target : '';
    return `${stepName(edge, vocabulary)}${direction}${annotations(edge, vocabulary)}`;
  });
  return parts.join('-');
}

/** Nothing but its name tells where it leads. */
function leavesOpen({ bare }: RelaxationEdge): boolean {
  return bare.kind === 'order' || bare.kind === 'fence' || bare.kind === 'dependency';
}

function beginsOpen({ bare }: RelaxationEdge): boolean {
  return bare.kind === 'order' || bare.kind === 'fence';
}

function stepName({ bare }: RelaxationEdge, vocabulary: Vocabulary): string {
  const same = bare.same ? 's' : '';
  if (bare.kind === 'communication') return bare.word.toLowerCase();
  if (bare.kind === 'order') return `po${same}`;
  if (bare.kind === 'insertion') return `[${bare.what.toLowerCase()}]`;
  if (bare.kind !== 'update')
    return `${vocabulary.dialect.speltFence?.(bare.what) ?? bare.what.toLowerCase()}${same}`;
  return bare.what === vocabulary.dialect.updates[0].name ? 'rmw' : bare.what.toLowerCase();
}

function annotations({ bare, before, after }: RelaxationEdge, vocabulary: Vocabulary): string {
  const { namesAll } = vocabulary.dialect;
  if (bare.kind === 'insertion' || !(before || after || namesAll)) return '';
  return [before, after].map((one) => annotationName(one, vocabulary).toLowerCase()).join('');
}

function annotationName(name: string | undefined, vocabulary: Vocabulary): string {
  const { plain, namesAll } = vocabulary.dialect;
  return name === undefined ? (namesAll ?? plain) : (vocabulary.annotation(name).spelt ?? name);
}

/** What the accesses are that are alone in their threads. */
function lonelyAccesses(cycle: Cycle, vocabulary: Vocabulary): string[] {
  const steps = cycle.filter(({ bare }) => bare.kind !== 'insertion');
  const lonely = steps.flatMap((step, index) => {
    const before = steps.at(index - 1)!;
    const isLonely = [before, step].every(({ bare }) => bare.kind === 'communication' && bare.external);
    return isLonely && Boolean(before.after) === Boolean(step.before) ? [step.before] : [];
  });
  const { namesAll } = vocabulary.dialect;
  if (!namesAll && lonely.every((one) => one === undefined)) return [];
  const names = lonely.map((one) =>
    one === undefined && !namesAll ? 'Na' : annotationName(one, vocabulary),
  );
  return names.length > 0 ? [names.join('')] : [];
}
