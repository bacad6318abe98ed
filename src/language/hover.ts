import { codeInWords, type Era, eras, type TargetName, targets } from '../kernel/index.js';
import { primitiveSignature } from '../litmus/index.js';
import { definitionsIn } from './definitions.js';
import { vocabulary } from './model-tokens.js';
import { tokensOf } from './text-tokens.js';
import type { Language, Token } from './token.js';

/** What there is to tell of the word at a place. */
export interface Hover {
  readonly start: number;
  readonly end: number;
  readonly title: string;
  readonly lines: readonly string[];
  /** What a primitive comes to, target by target. */
  readonly table?: readonly (readonly [target: string, code: string])[];
}

/** What there is to say of the word at a place of a text; undefined where there is nothing. */
export function hoverAt(text: string, language: Language, offset: number): Hover | undefined {
  const token = tokensOf(text, language).find(({ start, end }) => start <= offset && offset < end);
  if (!token || !['known', 'name'].includes(token.kind)) return undefined;
  return language === 'cat' ? hoverInModel(text, token) : hoverInTest(text, token);
}

function hoverInModel(text: string, { start, end }: Token): Hover | undefined {
  const word = text.slice(start, end);
  const meaning = vocabulary.get(word);
  if (meaning !== undefined) return { start, end, title: word, lines: [meaning] };
  const definition = definitionsIn(text).find(({ name }) => name === word);
  return definition && { start, end, title: word, lines: [definition.text] };
}

function hoverInTest(text: string, { start, end }: Token): Hover | undefined {
  const word = text.slice(start, end);
  const signature = primitiveSignature(word);
  if (signature) {
    const { name } = signature;
    const lines = name === word ? [] : [`as ${name}()`];
    return { start, end, title: `${word}()`, lines, table: codeOnTargets(name) };
  }
  const barrier = vocabulary.get(word.toUpperCase());
  return barrier && /^(MB|WMB|[MLS]FENCE)$/i.test(word)
    ? { start, end, title: word, lines: [barrier] }
    : undefined;
}

/** What a primitive is on each target; of kernels, both where they differ. */
function codeOnTargets(name: string): [target: string, code: string][] {
  return targets.flatMap((architecture): [string, string][] => {
    const [old, recent] = eras.map((era) => codeOn(name, architecture, era));
    if (old === recent) return old === undefined ? [] : [[architecture, old]];
    return eras.map((era, index) => [`${architecture} ${era}`, [old, recent][index] ?? 'not there']);
  });
}

const codeOn = (name: string, architecture: TargetName, era: Era): string | undefined =>
  codeInWords(name, { architecture, era });
