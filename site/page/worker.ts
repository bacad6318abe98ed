/** A worker: it answers one question after another. */
import { answer } from '../engine/answers.js';
import type { Args, Reply, Request, TaskName } from '../logic/protocol.js';

/** What there is in a worker, without the library of its types: that of a page is another one. */
const scope = globalThis as unknown as {
  onmessage: (event: { readonly data: Request }) => void;
  postMessage(message: Reply): void;
};

scope.onmessage = ({ data: { id, name, args } }) => {
  scope.postMessage({ id, kind: 'begun' });
  try {
    const report = (value: unknown): void => scope.postMessage({ id, kind: 'progress', value });
    scope.postMessage({ id, kind: 'answer', value: answer(name, args as Args<TaskName>, report) });
  } catch (error) {
    scope.postMessage({
      id,
      kind: 'failure',
      message: error instanceof Error ? error.message : String(error),
    });
  }
};
