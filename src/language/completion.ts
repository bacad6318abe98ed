import { instructionFacts, primitiveSignature, primitiveSpellings, type Signature } from '../litmus/index.js';
import { definitionsIn } from './definitions.js';
import { partsOf } from './litmus-tokens.js';
import { vocabulary } from './model-tokens.js';
import { tokensOf } from './text-tokens.js';
import type { Language } from './token.js';

/** A word that could stand at a place. */
export interface Completion {
  readonly label: string;
  readonly kind: 'known' | 'keyword' | 'name';
  /** A word or two of what it is. */
  readonly detail?: string;
}

/** What can stand at a place of a text. */
export interface Completions {
  /** Where the word begins that they take the place of. */
  readonly from: number;
  readonly options: readonly Completion[];
}

/** What could stand where the word ends that an offset is in, or behind. */
export function completionsAt(text: string, language: Language, offset: number): Completions {
  const pattern = language === 'cat' ? /[A-Za-z_][\w.-]*$/ : /[A-Za-z_]\w*$/;
  const from = offset - (pattern.exec(text.slice(Math.max(0, offset - 100), offset))?.[0].length ?? 0);
  return { from, options: language === 'cat' ? inModel(text, from) : inTest(text, from) };
}

const modelWords = 'let rec and acyclic irreflexive empty flag as include show with from'.split(' ');

function inModel(text: string, from: number): Completion[] {
  const own = [...new Set(definitionsIn(text).flatMap(({ name, start }) => (start === from ? [] : [name])))];
  return [
    ...own.map((label): Completion => ({ label, kind: 'name', detail: 'defined here' })),
    ...[...vocabulary].map(([label, detail]): Completion => ({ label, kind: 'known', detail })),
    ...modelWords.map((label): Completion => ({ label, kind: 'keyword' })),
  ];
}

const questionWords = ['exists', 'forall', 'locations', 'filter'];
const cCompletions = ['if', 'else', 'while', 'for', 'do', 'return', 'int', 'long', 'struct', 'void'];

function inTest(text: string, from: number): Completion[] {
  const { dialect, condition } = partsOf(text);
  const names = namesIn(text, from).map((label): Completion => ({ label, kind: 'name' }));
  const words = (list: readonly string[]): Completion[] => list.map((label) => ({ label, kind: 'keyword' }));
  if (condition && from >= condition.start) return [...names, ...words(questionWords)];
  if (dialect === 'C') return [...names, ...primitives(), ...words(cCompletions), ...words(questionWords)];
  return [
    ...names,
    ...instructionFacts[dialect].mnemonics.map((label): Completion => ({ label, kind: 'known' })),
    ...words(questionWords),
  ];
}

/** Names and registers that the text has elsewhere. */
function namesIn(text: string, from: number): string[] {
  const named = tokensOf(text, 'litmus').filter(
    ({ kind, start }) => ['name', 'register'].includes(kind) && start !== from,
  );
  return [...new Set(named.map(({ start, end }) => text.slice(start, end)))];
}

function primitives(): Completion[] {
  return [...primitiveSpellings()].map((label) => ({
    label,
    kind: 'known',
    detail: detailOf(primitiveSignature(label) as Signature),
  }));
}

const parameterWords = { place: 'x', pointer: '&x', value: 'value', size: 'size', ignored: '_' } as const;

function detailOf({ parameters }: Signature): string {
  return `(${parameters.map((kind) => parameterWords[kind]).join(', ')})`;
}
