import type { Reply, Request, TaskName } from './protocol.js';

/** A way to one worker. */
export interface Channel {
  post(request: Request): void;
  close(): void;
  onReply: (reply: Reply) => void;
  onCrash: (reason: string) => void;
}

/** A question that nobody wants an answer to any more. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

export interface How {
  readonly group?: string;
  readonly onProgress?: (value: unknown) => void;
}

interface Job {
  readonly request: Request;
  readonly how: How;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  /** The worker was lost once already while it was about this. */
  retried: boolean;
  /** Runs out when the worker is silent for too long; and what is done when it has begun. */
  timer?: ReturnType<typeof setTimeout>;
  begun?: () => void;
}

interface Slot {
  channel: Channel;
  job: Job | undefined;
  since: number;
  /** Whether the worker has said anything yet: a new one has its code to load first. */
  isKnown: boolean;
}

/**
 * What is given up and ends by itself within this time (ms) is let end: a new worker takes longer to get
 * going.
 */
const PATIENCE = 60;
/** A worker that does not begin within this time (ms) is gone; a new one takes longer. */
const BEGINNING = 2_000;
const LOADING = 30_000;
/**
 * One that does not end within this time (ms) is gone too: every question has limits of its own below this.
 */
const SILENCE = 300_000;

/**
 * Hands questions to workers, one at a time to each, in the order in which they came. A worker that is lost
 * is replaced.
 */
export class Pool {
  private readonly slots: Slot[] = [];
  private readonly waiting: Job[] = [];
  private count = 0;

  constructor(
    private readonly open: () => Channel,
    private readonly size: number,
  ) {}

  ask(name: TaskName, args: unknown, how: How = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = { id: ++this.count, name, args };
      this.waiting.push({ request, how, resolve, reject, retried: false });
      this.next();
    });
  }

  giveUp(group: string): void {
    const dropped = this.waiting.filter(({ how }) => how.group === group);
    for (const job of dropped) {
      this.waiting.splice(this.waiting.indexOf(job), 1);
      job.reject(new GivenUp());
    }
    for (const slot of this.slots) if (slot.job?.how.group === group) this.stop(slot, slot.job);
  }

  /** Lets what has just begun come to its end, and stops what takes longer. */
  private stop(slot: Slot, job: Job): void {
    job.reject(new GivenUp());
    const left = slot.since + PATIENCE - Date.now();
    setTimeout(
      () => {
        if (slot.job === job) this.replace(slot);
      },
      Math.max(0, left),
    );
  }

  private replace(slot: Slot): void {
    slot.channel.close();
    clearTimeout(slot.job?.timer);
    slot.channel = this.open();
    slot.job = undefined;
    slot.isKnown = false;
    this.listen(slot);
    this.next();
  }

  private next(): void {
    if (this.waiting.length === 0) return;
    let slot = this.slots.find(({ job }) => !job);
    if (!slot && this.slots.length < this.size) {
      slot = { channel: this.open(), job: undefined, since: 0, isKnown: false };
      this.slots.push(slot);
      this.listen(slot);
    }
    if (slot) this.give(slot, this.waiting.shift() as Job);
  }

  private give(slot: Slot, job: Job): void {
    slot.job = job;
    slot.since = Date.now();
    slot.channel.post(job.request);
    this.watch(slot, job);
    this.next();
  }

  private watch(slot: Slot, job: Job): void {
    const { isKnown } = slot;
    const lost = (reason: string) => () => {
      if (slot.job === job) this.lost(slot, reason);
    };
    job.timer = later(lost('it did not answer any more'), isKnown ? BEGINNING : LOADING);
    job.begun = () => {
      slot.isKnown = true;
      clearTimeout(job.timer);
      job.timer = later(lost('it did not come to an end'), SILENCE);
    };
  }

  private listen(slot: Slot): void {
    const { channel } = slot;
    channel.onReply = (reply) => {
      if (slot.channel === channel && slot.job?.request.id === reply.id) this.hear(slot, slot.job, reply);
    };
    channel.onCrash = (reason) => {
      if (slot.channel === channel) this.lost(slot, reason);
    };
  }

  private hear(slot: Slot, job: Job, reply: Reply): void {
    if (reply.kind === 'begun') {
      job.begun?.();
      return;
    }
    if (reply.kind === 'progress') {
      job.how.onProgress?.(reply.value);
      return;
    }
    slot.job = undefined;
    slot.isKnown = true;
    clearTimeout(job.timer);
    if (reply.kind === 'answer') job.resolve(reply.value);
    else job.reject(new Error(reply.message));
    this.next();
  }

  /** Asks once more, in a new worker: it may have been stopped from outside. */
  private lost(slot: Slot, reason: string): void {
    const { job } = slot;
    if (job && !job.retried) {
      job.retried = true;
      this.waiting.unshift(job);
    } else job?.reject(new Error(`the engine was lost: ${reason}`));
    this.replace(slot);
  }
}

/** In Node.js, a clock that ticks would keep the process alive. */
function later(action: () => void, wait: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(action, wait);
  (timer as unknown as { unref?: () => void }).unref?.();
  return timer;
}
