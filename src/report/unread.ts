import { junitUndecided } from './junit.js';
import type { Style } from './text.js';

/** A test that a limit kept from being read, in the formats that have a place for it. */
export function unreadReport(
  file: string,
  why: string,
  format: 'text' | 'json' | 'junit',
  style: Style,
): string {
  const reason = `the test, or a model, was not read: ${why}`;
  switch (format) {
    case 'text':
      return `${style.bad('Unknown'.padEnd(9))} ${file}\n  ${style.bad('incomplete:')} ${reason}\n`;
    case 'json':
      return `${JSON.stringify({ file, verdict: 'Unknown', holds: null, incomplete: [reason] })}\n`;
    case 'junit':
      return junitUndecided(file, reason);
  }
}
