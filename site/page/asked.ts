import { useEffect, useRef, useState } from 'preact/hooks';
import { GivenUp } from '../logic/pool.js';
import type { Answer, Args, TaskName } from '../logic/protocol.js';
import { ask, giveUp } from './engines.js';

/** How far a question has come. */
export type Asked<Value> =
  | { readonly kind: 'waiting' }
  /** `isOld` while a newer question is not answered yet. */
  | { readonly kind: 'answered'; readonly value: Value; readonly isOld: boolean }
  | { readonly kind: 'failed'; readonly reason: string };

let groups = 0;

/**
 * Asks whenever the question is another one, and gives up what was asked before; undefined asks nothing. The
 * last answer stays until there is a new one.
 */
export function useAnswer<Name extends TaskName>(
  name: Name,
  args: Args<Name> | undefined,
  onProgress?: (value: unknown) => void,
): Asked<Answer<Name>> {
  const [asked, setAsked] = useState<Asked<Answer<Name>>>({ kind: 'waiting' });
  const group = useRef<string>(undefined);
  group.current ??= `asked ${++groups}`;
  const key = args === undefined ? undefined : JSON.stringify(args);
  useEffect(() => {
    if (key === undefined) return undefined;
    const own = group.current as string;
    let isWanted = true;
    setAsked((before) => (before.kind === 'answered' ? { ...before, isOld: true } : { kind: 'waiting' }));
    const how = { group: own, ...(onProgress ? { onProgress } : {}) };
    ask(name, JSON.parse(key) as Args<Name>, how).then(
      (value) => isWanted && setAsked({ kind: 'answered', value, isOld: false }),
      (error: Error) =>
        isWanted && !(error instanceof GivenUp) && setAsked({ kind: 'failed', reason: error.message }),
    );
    return () => {
      isWanted = false;
      giveUp(own);
    };
  }, [name, key]);
  return asked;
}
