import { type CycleAccess, locationName } from '../cycle-program.js';
import type { Task, ThreadCode, ThreadWriter, Wait } from './code-writer.js';

/** A thread of kernel C: a function, whose parameters are the locations that it is about. */
export class CWriter implements ThreadWriter {
  private readonly lines: string[] = [];
  private readonly locations = new Set<number>();
  private registers = 0;
  private depth = 1;
  private isInSection = false;

  access(task: Task): string | undefined {
    const { access, wait } = task;
    if (wait?.dependency.carrier === 'control') this.open(`if (${wait.register} == ${wait.read.value}) {`);
    for (const fence of access.inserted) this.fence(fence);
    const goesOn = isSection(access) || (task.update !== undefined && isSection(task.update.write));
    if (goesOn && !this.isInSection) this.say('rcu_read_lock();');
    const register = this.perform(task);
    if (!goesOn && this.isInSection) this.say('rcu_read_unlock();');
    this.isInSection = goesOn;
    return register;
  }

  private perform({ access, update, wait }: Task): string | undefined {
    const place = this.place(access.location, wait);
    if (update) return this.read(exchange(update.kind.name, access, update.write, place));
    if (access.direction === 'R') return this.read(load(place, access.annotation));
    this.say(store(place, operandOf(access, wait), access.annotation));
    return undefined;
  }

  private place(location: number, wait?: Wait): string {
    this.locations.add(location);
    const name = locationName(location);
    return wait?.dependency.carrier === 'address' ? `${name} + (${wait.register} ^ ${wait.register})` : name;
  }

  private read(expression: string): string {
    const register = `r${this.registers++}`;
    this.say(`${register} = ${expression};`);
    return register;
  }

  fence(name: string): void {
    const call = fences[name];
    if (call !== undefined) this.say(call);
  }

  observe(location: number): string {
    return this.read(load(this.place(location)));
  }

  private open(line: string): void {
    this.say(line);
    this.depth++;
  }

  private say(line: string): void {
    this.lines.push('\t'.repeat(this.depth) + line);
  }

  finish(): ThreadCode {
    while (this.depth > 1) {
      this.depth--;
      this.say('}');
    }
    const declared = Array.from({ length: this.registers }, (_, index) => `\tint r${index};`);
    const lines = [...declared, ...(declared.length > 0 ? [''] : []), ...this.lines];
    return {
      lines,
      addresses: [...this.locations].map((location) => [locationName(location), location] as const),
    };
  }
}

const fences: Readonly<Record<string, string>> = {
  Mb: 'smp_mb();',
  Rmb: 'smp_rmb();',
  Wmb: 'smp_wmb();',
  SyncRcu: 'synchronize_rcu();',
};

/** A section goes on from this access to the next. */
function isSection({ step }: CycleAccess): boolean {
  return step.bare.kind === 'fence' && step.bare.what === 'Rcu';
}

function at(place: string): string {
  return place.includes(' ') ? `*(${place})` : `*${place}`;
}

function load(place: string, annotation?: string): string {
  if (annotation === 'A') return `smp_load_acquire(${place})`;
  return annotation === 'P' ? at(place) : `READ_ONCE(${at(place)})`;
}

function store(place: string, value: string, annotation?: string): string {
  if (annotation === 'R') return `smp_store_release(${place}, ${value});`;
  return annotation === 'P' ? `${at(place)} = ${value};` : `WRITE_ONCE(${at(place)}, ${value});`;
}

function exchange(name: string, read: CycleAccess, write: CycleAccess, place: string): string {
  const relaxed = write.annotation === 'R' ? '_release' : '_relaxed';
  const ordering = read.annotation === 'A' ? '_acquire' : relaxed;
  return `xchg${name === 'Xchg' ? '' : ordering}(${place}, ${write.value})`;
}

function operandOf({ value }: CycleAccess, wait?: Wait): string {
  return wait?.dependency.carrier === 'data'
    ? `(${wait.register} ^ ${wait.register}) + ${value}`
    : `${value}`;
}
