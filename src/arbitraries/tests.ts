import fc from 'fast-check';
import { type LitmusTest, parseLitmus } from '../litmus/index.js';
import type { Dialect, Observable, Program } from '../program/index.js';
import { formatObservable, formatProposition } from '../report/index.js';
import { AlphaWriter } from './alpha-writer.js';
import { writeAssembly } from './assembly-writer.js';
import { writeC } from './c-writer.js';
import { Herd7X86Writer } from './herd7-x86-writer.js';
import { allChoices, kernelWords, type Vocabulary } from './program-steps.js';
import { everythingOf, type Mix, propositions, shapes } from './programs.js';
import type { ProgramShape } from './shapes.js';
import { Herd7X86_64Writer, X86_64Writer } from './x86_64-writer.js';
import { X86Writer } from './x86-writer.js';

/** What the random litmus tests are to contain. */
export interface TestMix {
  /** @default 'C' */
  readonly dialect?: Dialect;
  /** Interrupt handlers; C alone has a syntax for them. @default true in C */
  readonly interrupts?: boolean;
  /**
   * C: read-side sections and grace periods of RCU and SRCU, and places where interrupts are disabled.
   * @default true in C
   */
  readonly rcu?: boolean;
  /** C: spinlocks. @default true in C */
  readonly locks?: boolean;
  /** Values and addresses chosen by branches, and circles of them. @default false */
  readonly choices?: boolean;
  /**
   * Only what herd7 reads and means the same by: in C no handlers, and integers that are `int`. @default
   * false
   */
  readonly herd7?: boolean;
  /** Pointers that may point to nothing, and so programs that are in error. @default false */
  readonly faults?: boolean;
}

/**
 * Random litmus tests as text, each with a question about everything that it reads and stores. A value
 * shrinks to smaller tests, which are all valid.
 */
export function litmusTexts(mix: TestMix = {}): fc.Arbitrary<string> {
  const { dialect = 'C' } = mix;
  return shapes(programMix(mix)).chain((shape) => {
    const body = `${dialect} random\n${bodyOf(mix, shape)}`;
    const { program } = parseLitmus(`${body}exists (true)\n`);
    const shown = everythingOf(program).filter((one) => isShown(program, one));
    const locations = shown.map((one) => `${inList(one, program)};`).join(' ');
    return propositions(program, shown).map(
      (asked) => `${body}locations [${locations}]\nexists (${formatProposition(asked, program)})\n`,
    );
  });
}

/** herd7 wants a location without brackets there. */
function inList(one: Observable, program: Program): string {
  return one.kind === 'cell' ? program.cells[one.cell].name : formatObservable(one, program);
}

/** Random litmus tests, read; as text they print themselves. */
export function litmusTests(mix: TestMix = {}): fc.Arbitrary<LitmusTest> {
  return litmusTexts(mix).map((text) =>
    Object.assign(parseLitmus(text), { [fc.toStringMethod]: () => `\n${text}` }),
  );
}

function bodyOf({ dialect = 'C', herd7 = false }: TestMix, shape: ProgramShape): string {
  switch (dialect) {
    case 'C':
      return writeC(shape);
    case 'X86':
      return writeAssembly(shape, (one, thread) =>
        herd7 ? new Herd7X86Writer(one, thread) : new X86Writer(one, thread),
      );
    case 'X86_64':
      return writeAssembly(shape, (one, thread) =>
        herd7 ? new Herd7X86_64Writer(one, thread) : new X86_64Writer(one, thread),
      );
    case 'Alpha':
      return writeAssembly(shape, (one, thread) => new AlphaWriter(one, thread));
  }
}

function programMix(mix: TestMix): Mix {
  const { dialect = 'C', interrupts = true, faults = false, choices = false, herd7 = false } = mix;
  const isC = dialect === 'C';
  const plain = isC
    ? cWords(mix)
    : {
        ...(herd7 ? herd7Words : testWords)[dialect],
        ...(herd7 ? { rmws: [[], [], [], ['Unlocked']] } : {}),
      };
  return {
    words: choices ? { ...plain, choices: herd7 ? herd7Choices : allChoices } : plain,
    interrupts: isC && interrupts && !herd7,
    faults,
    ...(herd7 ? { types: ['int'] } : {}),
  };
}

/** herd7 reads neither `?:` nor `&&`. */
const herd7Choices: Vocabulary['choices'] = { how: ['one-leg', 'two-legs'], joins: ['&', '|'] };

const testWords: Readonly<Record<'X86' | 'X86_64' | 'Alpha', Vocabulary>> = {
  X86: assemblyWords('MFENCE', 'MFENCE', 'SFENCE', 'LFENCE'),
  X86_64: assemblyWords('MFENCE', 'MFENCE', 'SFENCE', 'LFENCE'),
  Alpha: assemblyWords('MB', 'WMB'),
};

function assemblyWords(...fences: readonly string[]): Vocabulary {
  const none: readonly (readonly string[])[] = [[]];
  const plain = { loads: none, stores: none, rmws: none };
  return {
    ...kernelWords,
    ...plain,
    fences: fences.map((name) => [name]),
    sections: [],
    regions: false,
    locks: false,
  };
}

/**
 * RCU is there as regions, which keep grace periods out of sections; but for herd7, that flags what is not
 * kept out.
 */
function cWords({ rcu = true, locks = true, herd7 = false }: TestMix): Vocabulary {
  const left = [
    ...(rcu && herd7 ? [] : ['sync-rcu']),
    ...(locks ? [] : ['after-spinlock', 'after-unlock-lock']),
  ];
  return {
    ...kernelWords,
    fences: kernelWords.fences.filter(([name]) => !left.includes(name)),
    sections: rcu && herd7 ? kernelWords.sections : [],
    regions: rcu && !herd7,
    srcu: rcu,
    locks,
  };
}

/** Whether it is a location, or a register that a load goes to: the others are parameters and temporaries. */
function isShown({ threads }: Program, one: Observable): boolean {
  return one.kind === 'cell' || LOADED.test(threads[one.thread].code.registers[one.register]);
}

const LOADED = /^(?:[kqr]\d+|[Er](?:BX|CX|SI|DI|bx|cx|si|di)|R(?:[1-9]|1[0-2]))$/;

/** herd7's model of X86_64 puts what is before any fence before what is behind it, unlike processors. */
const herd7Words: typeof testWords = {
  ...testWords,
  X86_64: assemblyWords('MFENCE', 'MFENCE', 'MFENCE', 'MFENCE'),
};
