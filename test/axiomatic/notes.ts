import type { Blame } from '../../src/axiomatic/directed/explainer.js';

/** Takes down what a violation, or a conclusion, rests on. */
export class Notes implements Blame {
  readonly rf = new Set<string>();
  readonly co = new Set<string>();
  all = false;

  readsFrom(write: number, read: number): void {
    this.rf.add(`${write},${read}`);
  }
  coherence(first: number, second: number): void {
    this.co.add(`${first},${second}`);
  }
  everything(): void {
    this.all = true;
  }
  event(): void {}
  allPaths(): void {}
}
