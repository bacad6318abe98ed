/** herd7 as a process of its own, on many tests at once. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogEntry, readHerdLog } from '../conformance/herd-log.js';

/** What herd7 says of a test: its answer, that it did not come to one in time, or why it does not read it. */
export type Herd7Answer =
  | { readonly kind: 'answer'; readonly entry: LogEntry }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Herd7 {
  /** The program. */
  readonly path: string;
  /** Arguments that choose the model. */
  readonly model: readonly string[];
  /** Seconds for a test. */
  readonly timeout: number;
}

/** herd7 at work on some tests. */
export interface Asked {
  /** In the order of the tests. */
  answers(): Promise<Herd7Answer[]>;
}

/**
 * Has herd7 begin with tests, one process for all of them. They are read by their places among them, so that
 * each may have any name.
 * @throws Error when herd7 cannot be run
 */
export function ask({ path, model, timeout }: Herd7, texts: readonly string[]): Asked {
  const folder = mkdtempSync(join(tmpdir(), 'fenceline-differential-'));
  texts.forEach((text, at) => {
    writeFileSync(join(folder, `t${at}.litmus`), text.replace(/^(\S+ )\S+/, `$1t${at}`));
  });
  writeFileSync(join(folder, '@tests'), texts.map((_, at) => `t${at}.litmus\n`).join(''));
  // Files, not pipes: this process is at work on the same tests and reads nothing meanwhile.
  const [out, err] = ['out', 'err'].map((name) => openSync(join(folder, name), 'w'));
  const child = spawn(path, [...model, '-timeout', String(timeout), join(folder, '@tests')], {
    stdio: ['ignore', out, err],
  });
  const ended = ending(child, path);
  // Whoever asks for the answers is told; nobody need be told before.
  ended.catch(() => {});
  return {
    answers: async () => {
      try {
        const status = await ended;
        const [stdout, stderr] = ['out', 'err'].map((name) => readFileSync(join(folder, name), 'utf8'));
        // It goes on past a test that it does not read.
        if (status !== 0) throw new Error(`${path} ended with status ${status}: ${stderr.trim()}`);
        return answersIn(stdout, stderr, texts.length);
      } finally {
        closeSync(out);
        closeSync(err);
        rmSync(folder, { recursive: true });
      }
    },
  };
}

function ending(child: ChildProcess, path: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${path} cannot be run: ${error.message}`)));
    child.on('exit', (status, signal) => {
      if (signal === null) resolve(status);
      else reject(new Error(`${path} was ended by ${signal}`));
    });
  });
}

/** A test of which nothing is printed is one whose time was up. */
function answersIn(stdout: string, stderr: string, count: number): Herd7Answer[] {
  const entries = new Map(readHerdLog(stdout).map((entry) => [entry.test, entry]));
  const warnings = [...stderr.matchAll(/^Warning: File "[^"]*?t(\d+)\.litmus"[:,] *(.*)$/gm)];
  const refused = new Map(warnings.map(([, at, reason]) => [`t${at}`, reason]));
  return Array.from({ length: count }, (_, at): Herd7Answer => {
    const entry = entries.get(`t${at}`);
    if (entry) return { kind: 'answer', entry };
    const reason = refused.get(`t${at}`);
    return reason === undefined || /timeout/i.test(reason)
      ? { kind: 'timeout' }
      : { kind: 'refused', reason };
  });
}
