import { describe, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SourceError } from '../../src/diagnostics.js';
import { runs } from '../seed.js';
import { models } from './arbitrary-syntax.js';
import { load, shipped } from './loading.js';
import { printModel } from './print-syntax.js';

const files = ['stdlib', 'sc', 'i386', 'pso', 'alpha', 'alpha-linux', 'alpha-order', 'filters'].map(
  (name) => shipped(`${name}.cat`) as string,
);

const pieces = fc.constantFrom(
  ...[
    'let',
    'rec',
    'and',
    '=',
    '(',
    ')',
    '[',
    ']',
    '|',
    '&',
    ';',
    '\\',
    '*',
    '+',
    '?',
    '^-1',
    '~',
    '0',
    '_',
    ',',
    '{}',
  ],
  ...[
    'acyclic',
    'empty',
    'irreflexive',
    'flag',
    'as',
    'fun',
    '->',
    'try',
    'with',
    'if',
    'then',
    'else',
    'end',
    'in',
  ],
  ...[
    'procedure',
    'call',
    'show',
    'include "filters.cat"',
    'include',
    '"x"',
    "'t",
    'match',
    '||',
    '++',
    'co',
    'from',
  ],
  ...[
    'po',
    'rf',
    'R',
    'W',
    'x',
    'f',
    'fencerel',
    'domain',
    'generate_cos',
    '(*',
    '*)',
    '#',
    '\n',
    '^',
    '-1',
    '$',
    '"',
  ],
);

const salad = fc.array(pieces, { maxLength: 30 }).map((all) => all.join(' '));

const truncated = fc
  .tuple(fc.constantFrom(...files), fc.nat(), fc.nat())
  .map(([text, a, b]) => text.slice(Math.min(a, b) % text.length, Math.max(a, b) % (text.length + 1)));

const mutated = fc
  .tuple(
    fc.constantFrom(...files),
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), pieces), { minLength: 1, maxLength: 3 }),
  )
  .map(([text, edits]) =>
    edits.reduce((current, [where, removed, added]) => {
      const at = where % (current.length + 1);
      return current.slice(0, at) + added + current.slice(at + removed);
    }, text),
  );

function loadsOrSaysWhy(text: string): void {
  try {
    load(text);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { source, start, end } = error.span;
    if (!(0 <= start && start <= end && end <= source.text.length))
      throw new Error(`bad place: ${start} to ${end}`);
  }
}

describe('loading never fails but with a message and a place', () => {
  it.each([
    ['any text', fc.string({ unit: 'grapheme' })],
    ['any words of the language', salad],
    ['parts of models', truncated],
    ['models with changes', mutated],
    ['any model that parses', models.map(printModel)],
  ])('%s', (_, texts) => {
    fc.assert(fc.property(texts, loadsOrSaysWhy), runs(500));
  });
});
