import { type AssemblyBody, type CBody, instructionFacts, type LitmusSyntax } from '../../litmus/index.js';
import { assemblySites } from './assembly-sites.js';
import { cSites } from './c-sites.js';
import type { Site } from './site.js';

/** The primitives of a program that can be weakened, in the order of the text. */
export function sitesOf(syntax: LitmusSyntax): Site[] {
  if (syntax.dialect === 'C') return cSites(syntax.body as CBody, syntax.source);
  return assemblySites(syntax.body as AssemblyBody, syntax.source, instructionFacts[syntax.dialect].barriers);
}
