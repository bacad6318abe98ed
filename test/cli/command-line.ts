import { spawnSync } from 'node:child_process';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user does, in the project's root. */
export function fenceline(...args: readonly string[]): Outcome {
  return fencelineOn('', ...args);
}

/** The same with a text as the standard input. */
export function fencelineOn(input: string, ...args: readonly string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/fenceline.js', ...args], {
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}
