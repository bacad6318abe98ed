/** Milliseconds before the first progress line, and between two. */
const INTERVAL = 500;

/**
 * A line on the terminal's error stream that says how far a long run is; nothing when that is no terminal.
 */
export class Progress {
  private last = performance.now();
  private shown = false;

  constructor(private readonly total: number | undefined) {}

  show(done: number, file: string): void {
    if (!process.stderr.isTTY || performance.now() - this.last < INTERVAL) return;
    this.last = performance.now();
    this.shown = true;
    const width = process.stderr.columns ?? 80;
    process.stderr.write(
      `\r\x1b[K${`${done}${this.total === undefined ? '' : ` of ${this.total}`}  ${file}`.slice(0, width - 1)}`,
    );
  }

  /** Takes the line away, so that other output can be written. */
  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K');
    this.shown = false;
  }
}
