import type { Words } from './access-words.js';
import { AArch64Writer } from './code/aarch64-code.js';
import { AlphaWriter } from './code/alpha-code.js';
import { CWriter } from './code/c-code.js';
import type { ThreadWriter } from './code/code-writer.js';
import { PpcWriter } from './code/ppc-code.js';
import { RiscvWriter } from './code/riscv-code.js';
import { Labels } from './code/thread-code.js';
import { X86_64Writer, X86Writer } from './code/x86-code.js';
import { aarch64Words } from './dialects/aarch64-vocabulary.js';
import { alphaWords } from './dialects/alpha-vocabulary.js';
import { cWords } from './dialects/c-vocabulary.js';
import { ppcWords } from './dialects/ppc-vocabulary.js';
import { riscvWords } from './dialects/riscv-vocabulary.js';
import { x86_64Words, x86Words } from './dialects/x86-vocabulary.js';
import { Vocabulary } from './relaxation-vocabulary.js';

/** The dialects that tests are generated in, as the first line of a test names them. */
export const generatedDialects = ['X86', 'X86_64', 'AArch64', 'RISCV', 'PPC', 'Alpha', 'C'] as const;
/** A dialect that tests can be generated in. */
export type GeneratedDialect = (typeof generatedDialects)[number];

interface Parts {
  readonly words: Words;
  readonly writer: (labels: Labels) => ThreadWriter;
}

const parts: Readonly<Record<GeneratedDialect, Parts>> = {
  X86: { words: x86Words, writer: () => new X86Writer() },
  X86_64: { words: x86_64Words, writer: () => new X86_64Writer() },
  AArch64: { words: aarch64Words, writer: (labels) => new AArch64Writer(labels) },
  RISCV: { words: riscvWords, writer: (labels) => new RiscvWriter(labels) },
  PPC: { words: ppcWords, writer: (labels) => new PpcWriter(labels) },
  Alpha: { words: alphaWords, writer: (labels) => new AlphaWriter(labels) },
  C: { words: cWords, writer: () => new CWriter() },
};

export function vocabularyOf(dialect: GeneratedDialect): Vocabulary {
  return new Vocabulary(parts[dialect].words);
}

/** A writer for each thread of a test. */
export function writersOf(dialect: GeneratedDialect): () => ThreadWriter {
  const labels = new Labels();
  return () => parts[dialect].writer(labels);
}
