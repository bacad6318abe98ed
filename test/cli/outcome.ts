import type { MessagePort } from 'node:worker_threads';

/** What a command has come to. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the thread that runs commands shares with who asks for them. */
export interface Ends {
  readonly port: MessagePort;
  /** Becomes 1 when an outcome has been sent. */
  readonly done: Int32Array;
}
