import { describe, it } from '@jest/globals';
import * as fc from 'fast-check';
import { SourceError } from '../../src/diagnostics.js';
import { runs } from '../seed.js';
import { models } from './arbitrary-syntax.js';
import { load } from './loading.js';
import { printModel } from './print-syntax.js';

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
    ['any model that parses', models.map(printModel)],
  ])('%s', (_, texts) => {
    fc.assert(fc.property(texts, loadsOrSaysWhy), runs(500));
  });
});
