import { raise, Source, SourceError } from '../diagnostics.js';
import type { Dialect } from '../program/index.js';
import { alphaBarriers, mnemonics as alphaMnemonics } from './alpha/alpha-instructions.js';
import { alphaFrontEnd } from './alpha/index.js';
import { cFrontEnd } from './c/index.js';
import { parseQuestion } from './frame/condition.js';
import { expectationsOf } from './frame/expectations.js';
import { checkGivenOnce, parseInit } from './frame/init.js';
import type { DialectFrontEnd, LitmusSyntax, LowerOptions } from './frame/litmus-syntax.js';
import { printFrame } from './frame/print-frame.js';
import { resolveQuestion } from './frame/resolve.js';
import { commentStyle, splitSections } from './frame/sections.js';
import { bySymbol, checkSizes } from './frame/sizes.js';
import type { LitmusTest } from './frame/test.js';
import { withoutComments } from './reading/comments.js';
import { x86FrontEnd } from './x86/index.js';
import { x86Barriers, mnemonics as x86Mnemonics } from './x86/x86-instructions.js';
import { x86_64FrontEnd } from './x86_64/index.js';
import { x86_64Mnemonics } from './x86_64/x86_64-instructions.js';

export { lexAssembly } from './assembly/assembly-parser.js';
export type { AssemblyBody, AssemblyInstruction } from './assembly/assembly-syntax.js';
export {
  type BlockSyntax,
  type CBody,
  type ExpressionSyntax,
  expressionsOf,
  type FunctionSyntax,
  isTypeWord,
  lexC,
  Macros,
  partsOf,
  primitiveSignature,
  primitiveSpellings,
  type Signature,
  type StatementSyntax,
  statementsOf,
  type ThreadSyntax,
  type TypeSyntax,
} from './c/index.js';
export { expectationFor } from './frame/expectations.js';
export type { LitmusSyntax, LowerOptions } from './frame/litmus-syntax.js';
export { lexPlaces } from './frame/places.js';
export { type Sections, splitSections } from './frame/sections.js';
export type { Expectation, LitmusTest, Verdict } from './frame/test.js';
export { parseLitmus, parseSyntax, printLitmus };

/** What is to be known of the instructions of a dialect. */
interface InstructionFacts {
  /** Names. */
  readonly mnemonics: readonly string[];
  /** Names of barriers; and what one costs that a repair may add. */
  readonly barriers: ReadonlyMap<string, number | undefined>;
}

/** Instructions of the assembly dialects. */
export const instructionFacts: Readonly<Record<Exclude<Dialect, 'C'>, InstructionFacts>> = {
  X86: { mnemonics: x86Mnemonics, barriers: x86Barriers },
  X86_64: { mnemonics: x86_64Mnemonics, barriers: x86Barriers },
  Alpha: { mnemonics: alphaMnemonics, barriers: alphaBarriers },
};

const frontEnds: Readonly<Record<Dialect, DialectFrontEnd<unknown>>> = {
  C: cFrontEnd,
  X86: x86FrontEnd,
  X86_64: x86_64FrontEnd,
  Alpha: alphaFrontEnd,
};

/**
 * Parses a litmus file; names are not looked up yet.
 * @throws SourceError
 */
function parseSyntax(source: Source): LitmusSyntax {
  return guarded(source, () => {
    const { dialect, name, info, init, program, condition, notes } = splitSections(source);
    const style = commentStyle(dialect);
    const question = parseQuestion(condition, withoutComments(condition, style));
    return {
      dialect,
      name,
      source,
      info,
      init: parseInit(init, withoutComments(init, style)),
      body: frontEnds[dialect].parse(program),
      ...question,
      notes,
    };
  });
}

/**
 * Text that parses to an equal tree (places in the text apart).
 * @param litmus what `parseSyntax` has made of a text, or a test, which is read again
 */
function printLitmus(litmus: LitmusSyntax | LitmusTest): string {
  const syntax = 'body' in Object(litmus) ? (litmus as LitmusSyntax) : parseSyntax(sourceOf(litmus));
  return printFrame(syntax, frontEnds[syntax.dialect].print(syntax.body));
}

/**
 * Reads a litmus test, ready to be run.
 * @param text the file, with its name; or its text alone, for messages that call it `<input>`
 * @throws SourceError
 */
function parseLitmus(text: Source | string, options: LowerOptions = {}): LitmusTest {
  const source = typeof text === 'string' ? new Source('<input>', text) : text;
  const syntax = parseSyntax(source);
  return guarded(source, () => {
    const { dialect, name, info } = syntax;
    checkGivenOnce(syntax.init);
    const body = frontEnds[dialect].lower(syntax.body, syntax.init, options);
    if (body.threads.length === 0)
      raise('there is no thread: one is written `P0(...) { ... }`', syntax.condition.proposition.span);
    const { threads, ...question } = resolveQuestion(syntax, body);
    const { cells, functions, flatMemory } = body;
    const objects = bySymbol(cells);
    for (const { code, initial } of threads) checkSizes(code, initial, objects);
    for (const code of functions) checkSizes(code, undefined, objects);
    const program = { name, dialect, cells, flatMemory, functions, threads };
    return { name, source, info, program, ...question, expectations: expectationsOf(syntax.notes, dialect) };
  });
}

/** @throws TypeError when it has none, as what is no test */
function sourceOf(litmus: { readonly source?: unknown }): Source {
  const { source } = Object(litmus) as typeof litmus;
  if (source instanceof Source) return source;
  throw new TypeError('printLitmus takes what parseSyntax() or parseLitmus() has made of a text');
}

/** A text too deep for the stack is bad input like any other. */
function guarded<Result>(source: Source, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof SourceError || !(error instanceof RangeError)) throw error;
    return raise('this test is nested too deeply to be read', { source, start: 0, end: 0 });
  }
}
