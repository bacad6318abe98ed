/**
 * The public collections of litmus tests with answers that fenceline is measured by. None of them is in this
 * repository.
 */
import type { ModelSettings } from '../src/cli/model-files.js';
import type { Era } from '../src/kernel/index.js';
import {
  type Answers,
  fromComments,
  fromExpectedFiles,
  fromLogs,
  fromRecords,
  fromTable,
} from './answers.js';

/** Where a collection is: the environment variable that names its folder. */
export type Collection =
  | 'DAT3M'
  | 'KERNEL_LITMUS'
  | 'HERDTOOLS7'
  | 'LITMUS_TESTS_X86'
  | 'LITMUS_TESTS_RISCV'
  | 'FENCELINE_CORPUS';

/** How the tests of a suite are checked, as `fenceline run` has it. */
export interface Subject {
  readonly model: string;
  readonly kernel?: Era;
  /** What else is read, its folders seen from the collection's. */
  readonly settings?: ModelSettings;
}

export interface Suite {
  readonly name: string;
  readonly collection: Collection;
  readonly answers: Answers;
  readonly subject: Subject;
}

const TABLES = 'dartagnan/src/test/resources';

function dat3m(what: string, table: string, model: string): Suite {
  const answers = fromTable(`${TABLES}/${table}-expected.csv`, (holds) => ({ holds }));
  return { name: `Dat3M ${what}`, collection: 'DAT3M', answers, subject: { model } };
}

/** Dat3M's table of programs without a data race. */
const races: Suite = {
  name: 'Dat3M LKMM, data races',
  collection: 'DAT3M',
  answers: fromTable(`${TABLES}/LKMM-DR-expected.csv`, (free) => ({
    flag: { name: 'data-race', raised: !free },
  })),
  subject: { model: 'lkmm' },
};

function corpus(folder: string, model: string): Suite {
  return {
    name: `corpus ${folder}, ${model}`,
    collection: 'FENCELINE_CORPUS',
    answers: fromRecords(folder),
    subject: { model },
  };
}

function corpusByTarget(folder: string, target: string, kernel: Era): Suite {
  return {
    name: `corpus ${folder}, ${target}`,
    collection: 'FENCELINE_CORPUS',
    answers: fromRecords(folder, target),
    subject: { model: target, kernel },
  };
}

/** A folder of herdtools7's own regression tests. */
function instructions(dialect: string, model: string): Suite {
  return {
    name: `herdtools7 ${dialect}`,
    collection: 'HERDTOOLS7',
    answers: fromExpectedFiles(`herd/tests/instructions/${dialect}`),
    subject: { model },
  };
}

const kernelsOwn: Subject = {
  model: 'linux-kernel.cat',
  settings: {
    folders: ['catalogue/linux/cats'],
    macros: 'linux-kernel.def',
    bell: 'linux-kernel.bell',
    variants: ['lkmmv2'],
  },
};

function catalogue(subject: Subject, by: string): Suite {
  return {
    name: `herdtools7 catalogue/linux, ${by}`,
    collection: 'HERDTOOLS7',
    answers: fromExpectedFiles('catalogue/linux/tests'),
    subject,
  };
}

/** A dialect, or a model, that fenceline comes to read needs a line here and no more. */
export const suites: readonly Suite[] = [
  dat3m('LKMM', 'LKMM', 'lkmm'),
  races,
  dat3m('X86', 'TSO', 'i386'),
  dat3m('AArch64', 'ARM8', 'arm64'),
  dat3m('RISC-V', 'RISCV', 'riscv'),
  dat3m('Power', 'PPC', 'ppc'),
  dat3m('C11', 'RC11', 'rc11'),
  dat3m('OpenCL', 'OPENCL', 'opencl'),
  dat3m('PTX', 'PTXv7_5', 'ptx'),
  dat3m('Vulkan', 'VULKAN', 'vulkan'),
  {
    name: 'kernel litmus',
    collection: 'KERNEL_LITMUS',
    answers: fromComments('.'),
    subject: { model: 'lkmm' },
  },
  catalogue({ model: 'lkmm' }, 'lkmm'),
  catalogue(kernelsOwn, "the kernel's files"),
  instructions('C', 'lkmm'),
  instructions('X86_64', 'i386'),
  instructions('AArch64', 'arm64'),
  instructions('RISCV', 'riscv'),
  instructions('PPC', 'ppc'),
  {
    name: 'litmus-tests-x86',
    collection: 'LITMUS_TESTS_X86',
    answers: fromLogs('tests', 'model-results'),
    subject: { model: 'i386' },
  },
  {
    name: 'litmus-tests-riscv',
    collection: 'LITMUS_TESTS_RISCV',
    answers: fromLogs('tests', 'model-results'),
    subject: { model: 'riscv' },
  },
  corpus('x86', 'i386'),
  corpus('x86_64', 'i386'),
  corpus('aarch64', 'arm64'),
  corpus('riscv', 'riscv'),
  corpus('ppc', 'ppc'),
  corpus('lkmm', 'lkmm'),
  corpusByTarget('alpha-asm', 'alpha', '2.6'),
  corpusByTarget('alpha-asm', 'alpha-linux', '2.6'),
  ...['sc', 'i386', 'alpha', 'alpha-linux'].map((target) => corpusByTarget('kernel-c', target, '2.6')),
  ...['arm64', 'riscv', 'ppc'].map((target) => corpusByTarget('kernel-c', target, '6.x')),
];
