import { type Model, PROGRAM, type Term } from '../../cat/index.js';
import { GLOBAL } from '../candidate/path-dependence.js';

/** What is known of the executions that a part of an execution is looked at for. */
export interface Extension {
  /**
   * The other events are all of other CPUs; if not, interrupt handlers may come between those that are there.
   */
  readonly keepsCpus: boolean;
  /** The location of each access is known. */
  readonly keepsLocations: boolean;
}

/**
 * By term number: whether what a term holds of some events of an execution, it holds of them when all others
 * are there. What a term takes away must then be known: it depends on these events alone, or on their CPUs.
 */
export function kept(model: Model, dependence: Int8Array, extension: Extension): Uint8Array {
  const found = new Uint8Array(model.terms.length).fill(1);
  const isFixed = (term: Term): boolean => {
    if (term.stage !== PROGRAM || (!extension.keepsLocations && mentionsLocations(term))) return false;
    return dependsOnPair(term) || (extension.keepsCpus && dependence[term.id] !== GLOBAL);
  };
  const isKept = ({ operator, args }: Term): boolean => {
    switch (operator) {
      case 'difference':
        return found[args[0].id] === 1 && isFixed(args[1]);
      case 'complement':
        return isFixed(args[0]);
      case 'dynamic':
      case 'choice':
        return false;
      default:
        return args.every((arg) => found[arg.id] === 1);
    }
  };
  // Of all terms first, then without those that do not: a recursive definition rests on itself.
  for (let changed = true; changed; ) {
    changed = false;
    for (const term of model.terms) {
      const bodies = term.group?.bodies ?? [];
      if (found[term.id] === 0 || (isKept(term) && bodies.every((body) => found[body.id] === 1))) continue;
      found[term.id] = 0;
      changed = true;
    }
  }
  return found;
}

/** Whether a term says of two events, or of one, what these two alone determine. */
function dependsOnPair({ operator, args }: Term): boolean {
  switch (operator) {
    case 'base':
    case 'empty':
      return true;
    case 'union':
    case 'intersection':
    case 'difference':
    case 'complement':
    case 'inverse':
    case 'optional':
    case 'identity':
    case 'product':
      return args.every(dependsOnPair);
    case 'domain':
    case 'range':
      // The two halves of an instruction come together.
      return args[0].operator === 'base' && args[0].name === 'rmw';
    default:
      return false;
  }
}

function mentionsLocations(term: Term): boolean {
  if (term.operator === 'base') return term.name === 'loc';
  if (term.group) return true;
  return term.args.some(mentionsLocations);
}
