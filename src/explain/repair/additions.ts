import {
  type AssemblyBody,
  type CBody,
  instructionFacts,
  type LitmusSyntax,
  primitiveSignature,
} from '../../litmus/index.js';
import type { Edit } from '../primitives/edits.js';
import type { Addition } from './addition.js';
import { assemblyAdditions } from './assembly-additions.js';
import { cAdditions } from './c-additions.js';

const assemblyCosts = new Map(Object.values(instructionFacts).flatMap(({ barriers }) => [...barriers]));

/**
 * What an addition costs, relative to others (`Signature.cost`).
 * @throws RangeError for what no repair adds
 */
export function costOf(primitive: string): number {
  const cost = primitiveSignature(primitive)?.cost ?? assemblyCosts.get(primitive);
  if (cost === undefined) throw new RangeError(`no repair adds ${primitive}`);
  return cost;
}

/** All single additions to a program, in the order of the text. */
export function additionsTo(syntax: LitmusSyntax): Addition[] {
  if (syntax.dialect === 'C') return cAdditions(syntax.body as CBody, syntax.source);
  const { barriers } = instructionFacts[syntax.dialect];
  const added = [...barriers].flatMap(([name, cost]) => (cost === undefined ? [] : [name]));
  return assemblyAdditions(syntax.body as AssemblyBody, syntax.source, added);
}

/** The edits of several additions. */
export function editsOf(additions: readonly Addition[]): Edit[] {
  const strongest = new Map<string, Addition>();
  for (const addition of additions) {
    if (addition.access === undefined) continue;
    const known = strongest.get(addition.access);
    if (!known || costOf(addition.primitive) >= costOf(known.primitive))
      strongest.set(addition.access, addition);
  }
  return additions
    .filter((addition) => addition.access === undefined || strongest.get(addition.access) === addition)
    .flatMap(({ edits }) => edits);
}
