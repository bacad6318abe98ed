import type { Task, ThreadCode, ThreadWriter } from './code/code-writer.js';
import { listing } from './code/listing.js';
import { type Cycle, cycleText } from './cycle.js';
import {
  type CycleAccess,
  locationName,
  type Program,
  type ProgramOptions,
  programOfCycle,
} from './cycle-program.js';
import { type GeneratedDialect, writersOf } from './dialect.js';
import { type Claim, isShown, localObservation, type Observation, observed } from './final-condition.js';
import type { Vocabulary } from './relaxation-vocabulary.js';
import { nameOfCycle } from './test-names.js';

export interface TestOptions extends ProgramOptions {
  readonly dialect: GeneratedDialect;
  readonly observers: Observation;
  /** The condition: that the cycle is there, that it is not, or none, and all places are listed. */
  readonly condition: 'exists' | 'not-exists' | 'observe';
}

/** A test of a cycle, but for its name. */
export interface GeneratedTest {
  /** @internal */
  readonly cycle: Cycle;
  /** As diy7 calls it: its family, and what is in its threads. */
  readonly name: string;
  readonly threads: number;
  readonly locations: number;
  /** As a file has it. */
  text(name: string): string;
}

/**
 * The test of a cycle.
 * @returns the reason, where there is none
 */
export function testOf(cycle: Cycle, vocabulary: Vocabulary, options: TestOptions): GeneratedTest | string {
  const program = programOfCycle(cycle, vocabulary, options);
  if (typeof program === 'string') return program;
  const seen = observed(program, vocabulary, options.observers);
  if (typeof seen === 'string') return seen;
  const observers = options.condition === 'observe' ? [] : seen.threads;
  return {
    cycle,
    get name() {
      return nameOfCycle(cycle, vocabulary);
    },
    threads: program.threads.length + observers.length,
    locations: new Set(program.accesses.map(({ location }) => location)).size,
    text: (name) =>
      new TestText(program, cycle, vocabulary, options).text(name, { ...seen, threads: observers }),
  };
}

type Seen = Exclude<ReturnType<typeof observed>, string>;

/** Writes the text of a test. */
class TestText {
  private readonly program: Program;
  private readonly cycle: Cycle;
  private readonly vocabulary: Vocabulary;
  private readonly options: TestOptions;
  private readonly writer: () => ThreadWriter;
  private readonly codes: ThreadCode[] = [];
  private readonly claims: Claim[] = [];

  constructor(program: Program, cycle: Cycle, vocabulary: Vocabulary, options: TestOptions) {
    this.program = program;
    this.cycle = cycle;
    this.vocabulary = vocabulary;
    this.options = options;
    this.writer = writersOf(options.dialect);
  }

  text(name: string, seen: Seen): string {
    this.claims.push(...seen.claims);
    for (const { location, values } of seen.threads) this.observer(location, values);
    for (const thread of this.program.threads) this.thread(thread);
    const { dialect } = this.options;
    const body = listing(this.codes, dialect === 'C');
    return `${this.head(name)}\n${body}\n${this.condition()}\n`;
  }

  private head(name: string): string {
    const cycle = cycleText(this.cycle);
    const communications = this.program.communications.join(' ');
    return [
      `${this.options.dialect} ${name}`,
      `"${cycle}"`,
      `Com=${communications}`,
      `Orig=${cycle}`,
      `Cycle=${cycle}`,
    ].join('\n');
  }

  /** A thread that reads a location often enough to see all its writes, in order. */
  private observer(location: number, values: readonly number[]): void {
    const writer = this.writer();
    for (const value of values) this.claim(writer.observe(location), value);
    this.codes.push(writer.finish());
  }

  private claim(register: string, value: number): void {
    this.claims.push({ place: `${this.codes.length}:${register}`, value });
  }

  private thread(thread: readonly CycleAccess[]): void {
    const writer = this.writer();
    const registers: (string | undefined)[] = [];
    for (const [index, access] of thread.entries()) {
      const before = thread[index - 1];
      const isDone = before?.step.bare.kind === 'update';
      const register = isDone ? undefined : writer.access(this.task(thread, index, registers[index - 1]));
      registers.push(register);
      if (register !== undefined) this.claimOf(access, register);
      if (access.step.bare.kind === 'fence') writer.fence(access.step.bare.what);
    }
    if (this.options.observers === 'local') this.observeLocally(thread, writer);
    this.codes.push(writer.finish());
  }

  private task(thread: readonly CycleAccess[], index: number, register: string | undefined): Task {
    const [access, before, next] = [thread[index], thread[index - 1], thread[index + 1]];
    const { kind, what } = access.step.bare;
    const from = before?.step.bare;
    const update = kind === 'update' ? { update: { kind: this.vocabulary.update(what), write: next } } : {};
    if (from?.kind !== 'dependency' || register === undefined) return { access, ...update };
    return {
      access,
      ...update,
      wait: { register, read: before, dependency: this.vocabulary.dependency(from.what) },
    };
  }

  /** An exclusive store has what was there before. */
  private claimOf(access: CycleAccess, register: string): void {
    const { accesses } = this.program;
    const before = accesses.at(accesses.indexOf(access) - 1)!;
    const value = access.direction === 'R' ? access.value : access.value - 1;
    if (isShown(access, before, this.program, this.vocabulary)) this.claim(register, value);
  }

  private observeLocally(thread: readonly CycleAccess[], writer: ThreadWriter): void {
    const { accesses } = this.program;
    const last = thread.at(-1)!;
    const value = localObservation(thread, accesses[(accesses.indexOf(last) + 1) % accesses.length]);
    if (value !== undefined) this.claim(writer.observe(last.location), value);
  }

  private condition(): string {
    const { condition } = this.options;
    if (condition === 'observe') return this.everything();
    const claims = this.claims.map(({ place, value }) => `${place}=${value}`);
    return `${condition === 'exists' ? '' : '~'}exists (${claims.join(' /\\ ') || 'true'})`;
  }

  private everything(): string {
    const written = [...this.program.writes.keys()].map(locationName).sort();
    const registers = this.claims.map(({ place }) => place).filter((place) => !place.startsWith('['));
    return `locations [${[...written, ...registers].map((place) => `${place};`).join(' ')}]\nforall (true)`;
  }
}
