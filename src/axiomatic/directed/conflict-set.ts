import type { ProgramPaths } from './program-paths.js';

/**
 * The CPUs on whose paths it rests that nothing is to be found: with the same paths of these, other paths of
 * the others make no difference (conflict-directed backjumping: Prosser, 1993). CPUs with one path are never
 * among them.
 */
export class ConflictSet {
  private readonly members: Uint8Array;

  constructor(
    private readonly paths: Pick<ProgramPaths, 'cpus' | 'cpuOf' | 'hasChoice' | 'writersOf'>,
    cpus: Iterable<number> = [],
  ) {
    this.members = new Uint8Array(paths.cpus);
    for (const cpu of cpus) this.addCpu(cpu);
  }

  has(cpu: number): boolean {
    return this.members[cpu] !== 0;
  }

  addCpu(cpu: number): void {
    if (this.paths.hasChoice(cpu)) this.members[cpu] = 1;
  }

  addThread(thread: number): void {
    this.addCpu(this.paths.cpuOf[thread]);
  }

  /** Adds which writes to a location there are. */
  addWriters(cell: number): void {
    for (const cpu of this.paths.writersOf(cell)) this.members[cpu] = 1;
  }

  addAll(): void {
    for (let cpu = 0; cpu < this.members.length; cpu++) this.addCpu(cpu);
  }

  addAllOf(other: ConflictSet): void {
    for (let cpu = 0; cpu < this.members.length; cpu++) this.members[cpu] |= other.members[cpu];
  }
}
