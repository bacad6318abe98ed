/**
 * Sizes in pixels. Text is in a font whose characters are all equally wide, so that what it takes up is known
 * without a browser.
 */
export const TEXT = 12;
export const SMALL = 10;
export const HEADING = 15;

/**
 * The font's character, as a part of its size: DejaVu Sans Mono's, and no common font of the kind has a wider
 * one.
 */
const CHARACTER = 0.6021;

/** Room around the whole picture. */
export const MARGIN = 20;
/** Room in a box, beside its text. */
export const PADDING = 9;
/** From one line that leaves or enters a box on a side to the next: a label fits in. */
export const SLOT = 13;
export const LABEL = 12;
/** From one line to the next beside it, where there are no labels. */
export const TRACK = 9;
/** Length of a line before its label. */
export const LEAD = 7;
/** What the head of an arrow takes up along its line. */
export const ARROW = 9;
/** How far the boxes of a handler are moved in. */
export const INDENT = 16;
/** From one row to the next when nothing runs between them. */
export const ROW_GAP = 24;

export function widthOf(text: string, size: number): number {
  let characters = 0;
  for (const character of text) characters += isWide(character) ? 2 : 1;
  return characters * size * CHARACTER;
}

/** Chinese, Japanese and Korean characters, and pictograms, are twice as wide. */
const isWide = (character: string): boolean => (character.codePointAt(0) ?? 0) >= 0x1100;

/** The height of a line of text. */
export const heightOf = (size: number): number => Math.round(size * 1.3);

/** At most so many characters, the end left out. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** At most so many characters, the middle left out. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}
