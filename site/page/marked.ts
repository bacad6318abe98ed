import { signal } from '@preact/signals';
import type { Marked } from './editor.js';

/** The places of the program that something else on the page is about. */
export const marked = signal<readonly Marked[]>([]);
