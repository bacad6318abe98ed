import { isStep, type RelaxationEdge } from './edge.js';
import { CycleError, type Vocabulary } from './relaxation-vocabulary.js';

/**
 * A cycle whose steps fit: where one ends, the next begins, with the same direction and annotation. Steps,
 * and insertions between them; no annotations.
 */
export type Cycle = readonly RelaxationEdge[];

/**
 * Puts edges together: what annotations say goes to the steps on both sides.
 * @returns the cycle, or the reason why there is none
 */
export function closed(edges: readonly RelaxationEdge[], vocabulary: Vocabulary): Cycle | string {
  const steps = edges.filter(isStep);
  if (steps.length < 2) return 'a cycle takes two steps at least';
  const accesses = accessesBetween(edges);
  if (typeof accesses === 'string') return accesses;
  const bad = steps.findIndex((step, index) => step.bare.source !== steps.at(index - 1)!.bare.target);
  if (bad >= 0) return mismatch(steps.at(bad - 1)!, steps[bad]);
  let step = -1;
  return edges.flatMap((edge) => {
    if (edge.bare.kind === 'annotation') return [];
    if (edge.bare.kind === 'insertion') return [edge];
    step++;
    return [annotated(edge, accesses[step], accesses[(step + 1) % steps.length], vocabulary)];
  });
}

function annotated(
  edge: RelaxationEdge,
  before: string | undefined,
  after: string | undefined,
  vocabulary: Vocabulary,
): RelaxationEdge {
  return edge.before === before && edge.after === after ? edge : vocabulary.edge(edge.bare, before, after);
}

/**
 * What is said of the access at the beginning of each step, by the steps around it and the annotations there.
 */
function accessesBetween(edges: readonly RelaxationEdge[]): (string | undefined)[] | string {
  const accesses: (string | undefined)[] = [];
  const first = edges.findIndex(isStep);
  let pending = edges[lastStep(edges)].after;
  const say = (edge: RelaxationEdge, annotation: string | undefined): string | undefined => {
    if (annotation === undefined || annotation === pending) return undefined;
    if (pending !== undefined) return `${edge.name}: its access would be both ${pending} and ${annotation}`;
    pending = annotation;
    return undefined;
  };
  // What stands before the first step belongs with what stands after the last.
  const turn = [...edges.slice(lastStep(edges) + 1), ...edges.slice(0, lastStep(edges) + 1)];
  for (const edge of turn) {
    const trouble = say(edge, edge.before);
    if (trouble) return trouble;
    if (!isStep(edge)) continue;
    accesses.push(pending);
    pending = edge.after;
  }
  return first >= 0 ? accesses : 'a cycle has steps';
}

function lastStep(edges: readonly RelaxationEdge[]): number {
  return edges.findLastIndex(isStep);
}

const verbs = { R: 'a read', W: 'a write' };

function mismatch(before: RelaxationEdge, after: RelaxationEdge): string {
  const [end, start] = [verbs[before.bare.target!], verbs[after.bare.source!]];
  return `${before.name} ends at ${end}, and ${after.name} begins with ${start}`;
}

/** The same. @throws CycleError */
export function closedOrThrow(edges: readonly RelaxationEdge[], vocabulary: Vocabulary): Cycle {
  const cycle = closed(edges, vocabulary);
  if (typeof cycle === 'string') throw new CycleError(`this is no cycle: ${cycle}`);
  return cycle;
}

export function cycleText(cycle: readonly RelaxationEdge[]): string {
  return cycle.map(({ name }) => name).join(' ');
}
