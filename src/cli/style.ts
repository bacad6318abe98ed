import picocolors from 'picocolors';
import type { Style } from '../report/index.js';

/**
 * Colours on a terminal, plain text elsewhere (picocolors looks at the terminal, NO_COLOR and FORCE_COLOR).
 */
export const terminalStyle: Style = {
  good: picocolors.green,
  bad: picocolors.red,
  strong: picocolors.bold,
  faint: picocolors.dim,
};
