import { useEffect, useState } from 'preact/hooks';
import { GivenUp } from '../logic/pool.js';
import type { Answer, Args, TaskName } from '../logic/protocol.js';
import { ask } from './engines.js';

/** How far a question has come. */
export type Asked<Value> =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'answered'; readonly value: Value }
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks whenever the question is another one; undefined asks nothing. The last answer stays until there is a new one. */
export function useAnswer<Name extends TaskName>(
  name: Name,
  args: Args<Name> | undefined,
): Asked<Answer<Name>> {
  const [asked, setAsked] = useState<Asked<Answer<Name>>>({ kind: 'waiting' });
  const key = JSON.stringify(args);
  useEffect(() => {
    if (args === undefined) return undefined;
    let isWanted = true;
    ask(name, args).then(
      (value) => isWanted && setAsked({ kind: 'answered', value }),
      (error: Error) =>
        isWanted && !(error instanceof GivenUp) && setAsked({ kind: 'failed', reason: error.message }),
    );
    return () => {
      isWanted = false;
    };
  }, [name, key]);
  return asked;
}
