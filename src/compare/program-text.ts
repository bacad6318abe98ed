import type { ThreadCode, ThreadWriter } from '../generate/code/code-writer.js';
import { listing } from '../generate/code/listing.js';
import { type CycleAccess, locationName } from '../generate/cycle-program.js';
import { type GeneratedDialect, writersOf } from '../generate/dialect.js';
import { vocabularyOf } from '../generate/index.js';
import type { Vocabulary } from '../generate/relaxation-vocabulary.js';
import type { ProgramShape } from './program-shape.js';
import type { ShapeAccess } from './thread-shape.js';

/** A program in its dialect, and all places that tell what came of it. */
export interface WrittenProgram {
  /** Registers that were read to, as `0:r0`, and locations, as `[x]`. */
  readonly places: readonly string[];
  /** As a file has it. @param condition what it asks; all final states if nothing */
  text(name: string, condition?: string): string;
}

/** Writes a program. Each write of a location stores another value, counted from 1. */
export function written(program: ProgramShape, dialect: GeneratedDialect): WrittenProgram {
  const writer = new ProgramWriter(program, dialect);
  const codes = writer.write();
  const locations = new Set(program.locations.flat());
  const places = [...writer.registers, ...[...locations].sort().map((index) => `[${locationName(index)}]`)];
  const body = listing(codes, dialect === 'C');
  return {
    places,
    text: (name, condition = everything(places)) => `${dialect} ${name}\n${body}\n${condition}\n`,
  };
}

function everything(places: readonly string[]): string {
  return `locations [${places.map((place) => `${place.replace(/[[\]]/g, '')};`).join(' ')}]\nforall (true)`;
}

class ProgramWriter {
  readonly registers: string[] = [];
  private readonly program: ProgramShape;
  private readonly vocabulary: Vocabulary;
  private readonly writerOfThread: () => ThreadWriter;
  private readonly written = new Map<number, number>();

  constructor(program: ProgramShape, dialect: GeneratedDialect) {
    this.program = program;
    this.vocabulary = vocabularyOf(dialect);
    this.writerOfThread = writersOf(dialect);
  }

  write(): ThreadCode[] {
    return this.program.threads.map(({ accesses }, thread) => this.thread(accesses, thread));
  }

  private thread(shapes: readonly ShapeAccess[], thread: number): ThreadCode {
    const writer = this.writerOfThread();
    const accesses = shapes.map((shape, index) => this.access(shape, thread, index));
    const registers: (string | undefined)[] = [];
    for (const [index, shape] of shapes.entries()) {
      const isDone = shapes[index - 1]?.update !== undefined;
      registers.push(isDone ? undefined : writer.access(this.task(shape, accesses, index, registers)));
    }
    for (const register of registers)
      if (register !== undefined) this.registers.push(`${thread}:${register}`);
    return writer.finish();
  }

  private access({ direction, annotation, fence }: ShapeAccess, thread: number, index: number): CycleAccess {
    const location = this.program.locations[thread][index];
    const value = direction === 'W' ? (this.written.get(location) ?? 0) + 1 : 0;
    if (direction === 'W') this.written.set(location, value);
    return {
      step: this.vocabulary.named('PodRR'),
      direction,
      ...(annotation !== undefined && { annotation }),
      inserted: fence === undefined ? [] : [fence],
      location,
      value,
      content: value,
      thread,
    };
  }

  private task(
    { update, wait }: ShapeAccess,
    accesses: readonly CycleAccess[],
    index: number,
    registers: readonly (string | undefined)[],
  ) {
    return {
      access: accesses[index],
      ...(update !== undefined && {
        update: { kind: this.vocabulary.update(update), write: accesses[index + 1] },
      }),
      ...(wait && {
        wait: {
          register: registers[wait.read]!,
          read: { ...accesses[wait.read], value: wait.taken ?? 0 },
          dependency: this.vocabulary.dependency(wait.dependency),
        },
      }),
    };
  }
}
