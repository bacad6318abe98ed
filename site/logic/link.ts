import { deflateSync, Inflate, strFromU8, strToU8 } from 'fflate';
import type { EditedModel, QuizSwitches } from './protocol.js';

/** The views of the page. */
export const views = ['quiz', 'program', 'model', 'lessons', 'library'] as const;
export type View = (typeof views)[number];

/** What is beside a program. */
export const panes = ['execution', 'states', 'repair', 'machine'] as const;
export type Pane = (typeof panes)[number];

/** All that a link carries. What is absent is as the page has it by itself. */
export interface Shared {
  readonly view: View;
  /** A test that ships, by its path, or a text. */
  readonly test?: string | undefined;
  readonly text?: string | undefined;
  readonly kernel?: string | undefined;
  /** Machines and models to check under; and the one that is looked at. */
  readonly targets?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly pane?: Pane | undefined;
  readonly state?: number | undefined;
  readonly way?: number | undefined;
  /** A machine, and the choices made on it. */
  readonly machine?: string | undefined;
  readonly steps?: readonly number[] | undefined;
  readonly model?: EditedModel | undefined;
  readonly switches?: QuizSwitches | undefined;
  readonly lesson?: string | undefined;
}

export interface Opened {
  readonly shared: Shared;
  /** The version of fenceline that made the link, where that is another one. */
  readonly madeBy?: string;
}

/** A link that cannot be read; the message says why. */
export class BadLink extends Error {
  override readonly name = 'BadLink';
}

/** The form of links. One that is not this one cannot be read. */
const FORM = '1';
/** What links may hold: more is none that this page made. */
const LONGEST_LINK = 400_000;
const LONGEST_CONTENT = 2_000_000;
/** So many bytes are unpacked at a time: none become more than a thousand times as many. */
const SLICE = 1024;

/** The fragment of an address that carries a state: text alone, whatever is in it. */
export function linkOf(shared: Shared, version: string): string {
  const content = strToU8(JSON.stringify({ ...shared, version }));
  return `${FORM}.${base64Of(deflateSync(content, { level: 9 }))}`;
}

/**
 * What a fragment carries, checked piece by piece; undefined for one that carries nothing.
 * `test=classic/x86/SB.litmus` is for people.
 * @throws BadLink
 */
export function openLink(fragment: string, version: string): Opened | undefined {
  const text = fragment.replace(/^#/, '');
  if (text === '') return undefined;
  if (text.startsWith('test=')) return { shared: { view: 'program', test: decoded(text.slice(5)) } };
  const view = views.find((one) => one === text);
  if (view) return { shared: { view } };
  if (text.length > LONGEST_LINK) throw new BadLink('this link is longer than any that this page makes');
  const [form, packed, ...more] = text.split('.');
  if (!/^\d+$/.test(form) || packed === undefined || more.length > 0)
    throw new BadLink('this is no link that this page makes');
  if (form !== FORM)
    throw new BadLink(
      `this link has form ${form}, from another version of fenceline; ${version} reads form ${FORM}`,
    );
  return checked(unpacked(packed), version);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadLink('this is no link that this page makes');
  }
}

function unpacked(packed: string): unknown {
  let size = 0;
  const parts: Uint8Array[] = [];
  const inflate = new Inflate((part) => {
    size += part.length;
    parts.push(part);
  });
  try {
    const bytes = bytesOf(packed);
    for (let at = 0; at < bytes.length && size <= LONGEST_CONTENT; at += SLICE)
      inflate.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
  } catch {
    throw new BadLink('this link is damaged: a piece of it may be missing');
  }
  if (size > LONGEST_CONTENT) throw new BadLink('this link holds more than any that this page makes');
  try {
    return JSON.parse(strFromU8(joined(parts, size)));
  } catch {
    throw new BadLink('this link is damaged: a piece of it may be missing');
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Takes what has the right type, and leaves the rest out. */
function checked(content: unknown, version: string): Opened {
  if (typeof content !== 'object' || content === null)
    throw new BadLink('this is no link that this page makes');
  const found = content as Record<string, unknown>;
  const text = (key: string): string | undefined => (typeof found[key] === 'string' ? found[key] : undefined);
  const number = (key: string): number | undefined => (isNatural(found[key]) ? found[key] : undefined);
  const list = <Item>(key: string, is: (item: unknown) => item is Item): Item[] | undefined =>
    Array.isArray(found[key]) ? found[key].filter(is) : undefined;
  const madeBy = text('version');
  return {
    shared: {
      view: views.find((one) => one === found.view) ?? 'quiz',
      ...defined({
        test: text('test'),
        text: text('text'),
        kernel: text('kernel'),
        targets: list('targets', isText),
        target: text('target'),
        pane: panes.find((one) => one === found.pane),
        state: number('state'),
        way: number('way'),
        machine: text('machine'),
        steps: list('steps', isNatural),
        model: modelIn(found.model),
        switches: switchesIn(found.switches),
        lesson: text('lesson'),
      }),
    },
    ...(madeBy !== undefined && madeBy !== version ? { madeBy } : {}),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNatural = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function defined<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}

function modelIn(value: unknown): EditedModel | undefined {
  const { name, files } = Object(value) as Record<string, unknown>;
  const entries = Object.entries(Object(files) as object);
  if (!isText(name) || entries.length === 0 || !entries.every(([, text]) => isText(text))) return undefined;
  return { name, files: Object.fromEntries(entries) };
}

function switchesIn(value: unknown): QuizSwitches | undefined {
  const { assign, dereference, initialisedBefore, sameCpu } = Object(value) as Record<string, unknown>;
  const all = [assign, dereference, initialisedBefore, sameCpu];
  if (!all.every((one) => typeof one === 'boolean')) return undefined;
  return { assign, dereference, initialisedBefore, sameCpu } as QuizSwitches;
}

const PIECE = 0x8000;

function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += PIECE)
    binary += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
