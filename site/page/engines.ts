import { type Channel, Pool } from '../logic/pool.js';
import type { Answer, Args, Reply, TaskName } from '../logic/protocol.js';

function open(): Channel {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    type: 'module',
    name: 'fenceline engine',
  });
  const channel: Channel = {
    post: (request) => worker.postMessage(request),
    close: () => worker.terminate(),
    onReply: () => {},
    onCrash: () => {},
  };
  worker.onmessage = ({ data }: MessageEvent<Reply>) => channel.onReply(data);
  worker.onerror = (event) => {
    event.preventDefault();
    channel.onCrash(event.message || 'the worker stopped');
  };
  return channel;
}

/** The engines of this page: two at least, so that a long search does not keep what is typed from being looked at. */
const pool = new Pool(open, Math.min(4, Math.max(2, navigator.hardwareConcurrency || 2)));

/**
 * Asks the engines. Questions of a group can be given up together.
 * @throws GivenUp when the group was given up
 */
export function ask<Name extends TaskName>(
  name: Name,
  args: Args<Name>,
  how: { readonly group?: string; readonly onProgress?: (value: unknown) => void } = {},
): Promise<Answer<Name>> {
  return pool.ask(name, args, how) as Promise<Answer<Name>>;
}

/** Gives up all questions of a group: what runs is stopped. */
export function giveUp(group: string): void {
  pool.giveUp(group);
}
