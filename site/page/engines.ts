import { type Channel, Pool } from '../logic/pool.js';
import type { Answer, Args, Reply, TaskName } from '../logic/protocol.js';
import workerPath from './worker.ts?worker&url';

const address = new URL(workerPath, import.meta.url).href;
/** By then, a worker has read what its address stands for. */
const REVOKED = 60_000;

/** A page of another origin may not start a worker of this one, but one of its own that imports it. */
function newWorker(): Worker {
  const options = { type: 'module', name: 'fenceline engine' } as const;
  if (new URL(address).origin === location.origin) return new Worker(address, options);
  const code = new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' });
  const own = URL.createObjectURL(code);
  const worker = new Worker(own, options);
  setTimeout(() => URL.revokeObjectURL(own), REVOKED);
  return worker;
}

function open(): Channel {
  const worker = newWorker();
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

/**
 * The engines of this page: two at least, so that a long search does not keep what is typed from being looked
 * at.
 */
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
