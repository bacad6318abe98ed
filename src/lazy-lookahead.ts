import type { ILookaheadStrategy, IOrAlt } from 'chevrotain';
import * as chevrotain from 'chevrotain';

/** Exported, but left out of the types. */
const LookaheadStrategy = (
  chevrotain as unknown as {
    LLkLookaheadStrategy: new (options: { maxLookahead: number }) => ILookaheadStrategy;
  }
).LLkLookaheadStrategy;

type AtChoice = Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0];
type AtOption = Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0];

/**
 * Chevrotain's way to decide by the next tokens, worked out for a place of a grammar when a parser first
 * comes to it. A small test takes few of the places, and to work out all of them is a good part of what it
 * takes to start.
 */
export class LazyLookahead extends LookaheadStrategy {
  override buildLookaheadForAlternation(place: AtChoice) {
    let decide: ReturnType<ILookaheadStrategy['buildLookaheadForAlternation']> | undefined;
    const make = () => super.buildLookaheadForAlternation(place);
    return function (this: unknown, alternatives?: IOrAlt<unknown>[]): number | undefined {
      decide ??= make();
      return decide.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(place: AtOption) {
    let decide: (() => boolean) | undefined;
    const make = () => super.buildLookaheadForOptional(place);
    return function (this: unknown): boolean {
      decide ??= make();
      return decide.call(this);
    };
  }
}
