import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import {
  type LoadOptions,
  loadModel,
  type Model,
  shippedModel,
  shippedModelFile,
  shippedModelNames,
} from '../cat/index.js';
import { Source } from '../diagnostics.js';
import type { LkmmVariant } from '../kernel/index.js';
import { Macros } from '../litmus/index.js';
import { nearMatch } from '../near-match.js';
import { UsageError } from './exit.js';
import { readSource } from './files.js';

/**
 * What is read besides a model: as herd7's options of these names. Plain data, so that it can go to another
 * thread.
 */
export interface ModelSettings {
  /** Folders to look for files in that are not found from where the command runs, the first first. */
  readonly folders: readonly string[];
  readonly bell?: string | undefined;
  readonly macros?: string | undefined;
  readonly variants: readonly string[];
  /** Names of checks of the model that are left out. */
  readonly skip?: readonly string[];
  /**
   * Whether a name that ships and is also one of herd7's, such as `sc.cat`, means a model that answers as
   * herd7's does.
   */
  readonly asHerd7?: boolean;
}

const noSettings: ModelSettings = { folders: [], variants: [] };

/** Ours of the same meaning as models of others: taken where no file of that name is found. */
const ALIASES: Readonly<Record<string, string>> = {
  'x86tso.cat': 'herd7/x86tso.cat',
  'linux-kernel.cat': 'lkmm.cat',
};

/**
 * The models, bell files and macro files that a command reads, found as herd7 finds them: from where the
 * command runs, in the folders of -I, among those that ship.
 */
export class ModelFiles {
  private readonly models = new Map<string, Model>();
  private parsed: Macros | undefined;

  constructor(private readonly settings: ModelSettings = noSettings) {}

  /** The macros of the macro file, if there is one. @throws UsageError, SourceError */
  get macros(): Macros | undefined {
    const { macros } = this.settings;
    if (macros !== undefined) this.parsed ??= Macros.parse(this.read(macros));
    return this.parsed;
  }

  /**
   * How the tags of atomic operations are read. Like herd7, by the old way where macros come without a word
   * about it.
   */
  get variant(): LkmmVariant {
    const { variants, macros } = this.settings;
    if (variants.includes('lkmmv2')) return 'lkmmv2';
    return macros !== undefined || variants.includes('lkmmv1') ? 'lkmmv1' : 'lkmmv2';
  }

  /**
   * A model by the name of one that ships, or by a cat file.
   * @throws UsageError when there is none of that name
   * @throws SourceError when the file has an error
   */
  named(name: string): Model {
    if (!isShipped(name)) {
      if (this.path(name) !== undefined || shippedFile(name, this.settings.asHerd7) !== undefined)
        return this.file(name);
      const names = shippedModelNames();
      const near = nearMatch(name, names);
      throw new UsageError(
        `no model ${name}: it is neither a file nor one of ${names.join(', ')}${near ? `; did you mean ${near}?` : ''}`,
      );
    }
    const { bell, variants, skip = [] } = this.settings;
    const isPlain = bell === undefined && variants.length === 0 && skip.length === 0;
    return isPlain ? shippedModel(name) : this.file(`${name}.cat`);
  }

  /** The model of a cat file. @throws as `named` does */
  file(name: string): Model {
    let model = this.models.get(name);
    if (!model) {
      model = this.load(this.read(name), new Set(this.settings.skip));
      this.models.set(name, model);
    }
    return model;
  }

  /**
   * The model of a cat file without any of its checks: what it chooses from is left. @throws as `named` does
   */
  withoutChecks(name: string): Model {
    return this.load(this.read(name), 'all');
  }

  private load(source: Source, skip: LoadOptions['skip']): Model {
    const folder = dirname(source.name);
    const bell = this.settings.bell === undefined ? undefined : this.read(this.settings.bell);
    return loadModel(source.name, source.text, {
      include: (file) => {
        // Every herd7 installation has one of its own, for the names that herd7 starts with.
        if (file === 'stdlib.cat') return shippedModelFile(file);
        const beside = join(folder, file);
        return isFile(beside) ? readFileSync(beside, 'utf8') : this.find(file)?.text;
      },
      skip,
      // What the program's events are made by is what a model is told.
      variants: new Set([...this.settings.variants, ...(this.variant === 'lkmmv2' ? ['lkmmv2'] : [])]),
      ...(bell ? { bell: { name: bell.name, text: bell.text } } : {}),
    });
  }

  private read(file: string): Source {
    const found = this.find(file);
    if (!found) throw new UsageError(`Cannot find file ${file}`);
    return found;
  }

  private find(file: string): Source | undefined {
    const path = this.path(file);
    if (path !== undefined) return readSource(path);
    const shipped = shippedFile(file, this.settings.asHerd7);
    return shipped === undefined ? undefined : new Source(shipped, shippedModelFile(shipped) as string);
  }

  /** Where a file is, if it is not one that ships. */
  path(file: string): string | undefined {
    // Only a bare name is looked for in other folders.
    const folders = isAbsolute(file) || /^\.\.?\//.test(file) ? [] : this.settings.folders;
    return [file, ...folders.map((folder) => join(folder, file))].find(isFile);
  }
}

/** Whether a model of this name ships. */
export function isShipped(name: string): boolean {
  return shippedModelFile(`${name}.cat`) !== undefined;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** The name of a file that ships, for one by that name or by herd7's. */
function shippedFile(file: string, asHerd7 = false): string | undefined {
  const base = basename(file);
  const names = [...(asHerd7 ? [`herd7/${base}`] : []), ALIASES[base] ?? file];
  return names.find((name) => shippedModelFile(name) !== undefined);
}
