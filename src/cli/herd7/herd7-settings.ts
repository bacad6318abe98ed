import type { ModelSettings } from '../model-files.js';

/** What herd7's options, of the command line and of configuration files, come down to here. */
export class Herd7Options {
  /** Of -I, in their order. Beyond them files are looked for beside configuration files, and in `libdir`. */
  readonly folders: string[] = [];
  readonly beside: string[] = [];
  libdir?: string;
  model?: string;
  bell?: string;
  macros?: string;
  readonly variants: string[] = [];
  /** Names of checks of the model that are left out. */
  readonly skip: string[] = [];
  /** Seconds. */
  timeout?: number;
  unroll?: number;
  speedcheck: 'false' | 'true' | 'fast' = 'false';
  hexadecimal = false;
  candidates = false;
  badFlag?: string;
  filters = true;
  /** Whether a test with an error ends all. */
  exits = false;
  quiet = false;
  /** What is to be printed, and nothing else done. */
  shows?: 'version' | 'libdir';
  /** Options that ask for what is not done here, each named once. */
  readonly unserved = new Set<string>();

  /** What is read besides the tests. */
  settings(): ModelSettings {
    const { bell, macros, variants, skip, libdir } = this;
    const folders = [...this.folders, ...this.beside, ...(libdir === undefined ? [] : [libdir])];
    return { folders, bell, macros, variants, skip };
  }
}
