import { AArch64Writer } from './code/aarch64.js';
import { AlphaWriter } from './code/alpha.js';
import { Labels } from './code/assembly-writer.js';
import { CWriter } from './code/c.js';
import { PpcWriter } from './code/ppc.js';
import { RiscvWriter } from './code/riscv.js';
import type { ThreadWriter } from './code/writer.js';
import { X86_64Writer, X86Writer } from './code/x86.js';
import { aarch64Words } from './dialects/aarch64.js';
import { alphaWords } from './dialects/alpha.js';
import { cWords } from './dialects/c.js';
import { ppcWords } from './dialects/ppc.js';
import { riscvWords } from './dialects/riscv.js';
import { x86_64Words, x86Words } from './dialects/x86.js';
import { Vocabulary } from './vocabulary.js';
import type { Words } from './words.js';

/** The dialects that tests are generated in, as the first line of a test names them. */
export const generatedDialects = ['X86', 'X86_64', 'AArch64', 'RISCV', 'PPC', 'Alpha', 'C'] as const;
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
