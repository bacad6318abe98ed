/** A run: random tests in batches, one process of herd7 a batch, which fenceline answers meanwhile. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { litmusTexts } from '../src/arbitraries/index.js';
import { outcomeOf } from './compare.js';
import { executionsOf } from './executions.js';
import { ask, type Herd7, type Herd7Answer } from './herd7.js';
import { answersText } from './report.js';
import { shrunk } from './shrink.js';
import { herd7Arguments, type OwnAnswer, OwnSide, type Sides } from './sides.js';
import type { Tally } from './tally.js';

export interface Settings extends Sides {
  readonly herd7: string;
  readonly count: number;
  readonly seed: number;
  /** Seconds for a test, on either side. */
  readonly timeout: number;
  /** Where tests are left for which the two differ. */
  readonly output: string;
}

const BATCH = 200;
/** Milliseconds, for making one test smaller. */
const SHRINKING = 180_000;

/** Tells how far it has come after each batch. */
export async function campaign(settings: Settings, told: (tally: Tally) => void): Promise<Tally> {
  const run = new Campaign(settings);
  while (run.tally.tests < settings.count) {
    await run.batch();
    told(run.tally);
  }
  return run.tally;
}

class Campaign {
  readonly tally: Tally = {
    ...{ tests: 0, agree: 0, argued: 0, timeout: 0, undecided: 0, circles: 0, unfounded: 0 },
    unread: [],
    differ: [],
  };
  private readonly herd7: Herd7;
  private readonly side: OwnSide;
  private readonly tests: fc.Arbitrary<string>;
  private batches = 0;

  constructor(private readonly settings: Settings) {
    const { herd7: path, timeout, dialect } = settings;
    this.herd7 = { path, timeout, model: herd7Arguments(settings) };
    this.side = new OwnSide(settings, timeout);
    this.tests = litmusTexts({ dialect, herd7: true, choices: true });
  }

  async batch(): Promise<void> {
    const { seed: first, count } = this.settings;
    // Runs with seeds side by side have no batch in common.
    const seed = (first * 99_991 + this.batches++) | 0;
    const texts = fc.sample(this.tests, { seed, numRuns: Math.min(BATCH, count - this.tally.tests) });
    const asked = ask(this.herd7, texts);
    const own = texts.map((text) => this.side.answer(text));
    const said = await asked.answers();
    for (const [place, text] of texts.entries())
      await this.judge(text, said[place], own[place], { seed, place });
  }

  private async judge(
    text: string,
    said: Herd7Answer,
    own: OwnAnswer,
    made: { readonly seed: number; readonly place: number },
  ): Promise<void> {
    const { tally } = this;
    tally.tests++;
    const outcome = outcomeOf(said, own, this.side);
    switch (outcome.kind) {
      case 'differ': {
        const differs = async (smaller: string) => (await this.compared(smaller)).kind === 'differ';
        const smallest = await shrunk({ tests: this.tests, ...made }, differs, SHRINKING);
        await this.leave(smallest || text, text);
        break;
      }
      case 'unread':
        tally.unread.push(`${outcome.reason}\n${text}`);
        break;
      case 'agree':
        this.lookForCircles(text, own);
        tally.agree++;
        break;
      default:
        tally[outcome.kind]++;
    }
  }

  private async compared(text: string) {
    const asked = ask(this.herd7, [text]);
    const own = this.side.answer(text);
    const [said] = await asked.answers();
    return { ...outcomeOf(said, own, this.side), said, own };
  }

  /** Leaves a test, that from which it was made, and both answers. */
  private async leave(text: string, original: string): Promise<void> {
    const { output, dialect, seed } = this.settings;
    const { tally } = this;
    const found = await this.compared(text);
    const reason = found.kind === 'differ' ? found.reason : 'it differs no more when it is asked about again';
    const file = join(output, `${dialect}-${seed}-${tally.differ.length + 1}`);
    mkdirSync(output, { recursive: true });
    writeFileSync(`${file}.litmus`, text);
    writeFileSync(`${file}.original.litmus`, original);
    writeFileSync(`${file}.answers`, `${reason}\n\n${answersText(found.said, found.own)}`);
    tally.differ.push({ reason, file: `${file}.litmus` });
  }

  private lookForCircles(text: string, own: OwnAnswer): void {
    if (this.settings.dialect !== 'C' || own.kind !== 'answer' || !/\bif \(|cmpxchg|trylock/.test(text))
      return;
    const [{ model, result }] = own.results;
    const executions = executionsOf(own.test, model, result.observables, this.side.options);
    const circles = executions.filter(({ byControl }) => byControl);
    if (circles.length > 0) this.tally.circles++;
    if (circles.some(({ isUnfounded }) => isUnfounded)) this.tally.unfounded++;
  }
}
