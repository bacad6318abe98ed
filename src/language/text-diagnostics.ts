import { type LoadOptions, loadModel } from '../cat/index.js';
import { Source, SourceError, type Span, type Warning } from '../diagnostics.js';
import { parseLitmus } from '../litmus/index.js';
import type { Language } from './token.js';

/** Something that the writer of a text should know of a place in it. */
export interface Diagnostic {
  readonly start: number;
  readonly end: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/**
 * What is wrong with a text, and what is odd about it.
 * @param include finds the files that a model includes
 */
export function diagnosticsOf(
  text: string,
  language: Language,
  { include }: Pick<LoadOptions, 'include'> = {},
): Diagnostic[] {
  const source = new Source(language === 'cat' ? 'model.cat' : 'test.litmus', text);
  const inText = ({ span }: { readonly span: Span }): boolean => span.source.text === text;
  try {
    const warnings: readonly Warning[] =
      language === 'cat'
        ? loadModel(source.name, text, include ? { include } : {}).warnings
        : parseLitmus(source).warnings;
    return warnings.filter(inText).map((warning) => diagnosticOf(warning, 'warning', text));
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    // In a file that the text includes, the error has no place here.
    if (inText(error)) return [diagnosticOf(error, 'error', text)];
    return [{ start: 0, end: Math.min(1, text.length), severity: 'error', message: error.message }];
  }
}

/** At least one character, where there is one: an empty place cannot be marked. */
function diagnosticOf({ reason, span }: Warning, severity: Diagnostic['severity'], text: string): Diagnostic {
  const end = Math.min(text.length, Math.max(span.end, span.start + 1));
  return { start: Math.min(span.start, Math.max(0, end - 1)), end, severity, message: reason };
}
