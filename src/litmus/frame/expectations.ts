import { raise, type Span } from '../../diagnostics.js';
import type { Dialect } from '../../program/index.js';
import type { Expectation, Verdict } from './test.js';

const verdicts: readonly string[] = ['Never', 'Sometimes', 'Always'] satisfies readonly Verdict[];

/**
 * What the notes of a file (comments, lines of its head) say that models answer.
 * @throws SourceError when an `Expect:` line is malformed or contradicts another one
 */
export function expectationsOf(notes: readonly Span[], dialect: Dialect): Expectation[] {
  const found = new Map<string, Expectation>();
  for (const note of notes) {
    const text = note.source.text.slice(note.start, note.end);
    if (!text.includes('Expect') && !text.includes('Result')) continue;
    for (const expectation of inNote(note, text, dialect)) {
      const earlier = found.get(expectation.model);
      if (earlier && contradicts(earlier, expectation)) {
        const flags = earlier.flags?.length ? ` with ${earlier.flags.join(' ')}` : '';
        raise(
          `${expectation.model} is expected to answer ${earlier.verdict}${flags} elsewhere in this file`,
          expectation.span,
        );
      }
      found.set(expectation.model, earlier?.flags ? earlier : expectation);
    }
  }
  return [...found.values()];
}

function contradicts(a: Expectation, b: Expectation): boolean {
  return a.verdict !== b.verdict || (!!a.flags && !!b.flags && a.flags.join() !== b.flags.join());
}

/** A line that begins, after what decorates comments, with `Expect:` or `Result:`. */
const line = /^[ \t(*/"]*(Expect|Result)[ \t]*[:=]([^\r\n]*)/gm;

function* inNote(note: Span, text: string, dialect: Dialect): Iterable<Expectation> {
  for (const found of text.matchAll(line)) {
    const rest = withoutEnd(found[2]);
    const start = note.start + found.index + found[0].length - found[2].length;
    const span = { source: note.source, start, end: start + rest.length };
    if (found[1] === 'Expect') yield* entries(span, rest);
    else if (dialect === 'C') yield* kernelResult(span, rest);
  }
}

/** A line without what closes a comment or a quotation. */
function withoutEnd(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith('*)') || trimmed.endsWith('*/')
    ? trimmed.slice(0, -2).trimEnd()
    : trimmed.replace(/"$/, '');
}

/**
 * The kernel's words other than these (`Maybe`, a flag) ask nothing that can be checked. Where all threads
 * deadlock, there is no execution.
 */
function* kernelResult(span: Span, rest: string): Iterable<Expectation> {
  const word = /^\s*(\w+)/.exec(rest);
  if (!word) return;
  const end = span.start + word[0].length;
  const place = { ...span, start: end - word[1].length, end };
  if (word[1] === 'DEADLOCK') yield { model: 'lkmm', verdict: 'Never', flags: ['deadlock'], span: place };
  else if (verdicts.includes(word[1])) yield { model: 'lkmm', verdict: word[1] as Verdict, span: place };
}

/** `i386 Never; alpha Sometimes with use-after-free`. */
function* entries(whole: Span, rest: string): Iterable<Expectation> {
  let any = false;
  for (const found of rest.matchAll(/[^;,]+/g)) {
    if (found[0].trim() === '') continue;
    any = true;
    const start = whole.start + found.index + found[0].search(/\S/);
    yield entry({ ...whole, start, end: start + found[0].trim().length }, found[0].trim());
  }
  if (!any) raise('expected a model and Never, Sometimes or Always', whole);
}

function entry(span: Span, text: string): Expectation {
  const [model, verdict, more, ...flags] = text.split(/\s+/);
  const from = (word: string, at: number): Span => ({
    ...span,
    start: span.start + at,
    end: span.start + at + word.length,
  });
  if (!/^[\w./+-]+$/.test(model)) raise(`expected a model's name, found \`${model}\``, from(model, 0));
  if (verdict === undefined) raise(`expected Never, Sometimes or Always after \`${model}\``, span);
  const at = text.indexOf(verdict, model.length);
  if (!verdicts.includes(verdict))
    raise(`expected Never, Sometimes or Always, found \`${verdict}\``, from(verdict, at));
  const rest = at + verdict.length;
  if (more !== undefined && more !== 'with')
    raise(`expected \`;\`, or \`with\` and flags, found \`${more}\``, from(more, text.indexOf(more, rest)));
  if (more && flags.length === 0) raise('expected the name of a flag after `with`', span);
  const wrong = flags.find((flag) => !/^[\w.-]+$/.test(flag) || verdicts.includes(flag));
  if (wrong !== undefined)
    raise(`expected \`;\` or the name of a flag, found \`${wrong}\``, from(wrong, text.indexOf(wrong, rest)));
  return { model, verdict: verdict as Verdict, flags: [...new Set(flags)].sort(), span };
}

/**
 * What a test expects of a model; for a C program on the code of a version of Linux, an expectation for
 * `alpha/2.6` goes before one for `alpha`.
 *
 * @param isVersion whether a version that an expectation names has the same code
 */
export function expectationFor(
  { expectations }: { readonly expectations: readonly Expectation[] },
  model: string,
  isVersion: (version: string) => boolean = () => false,
): Expectation | undefined {
  const isExact = (e: Expectation): boolean =>
    e.model.startsWith(`${model}/`) && isVersion(e.model.slice(model.length + 1));
  return expectations.find(isExact) ?? expectations.find((e) => e.model === model);
}
