import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Layout } from '../report/index.js';
import { UsageError } from './exit.js';

const require = createRequire(import.meta.url);

/**
 * Pixels of a PNG for each one of the SVG, in width and in height: screens and printers have more than they
 * say.
 */
const SCALE = 2;
/** Of the whole PNG: more would need more memory than WebAssembly has. */
const MOST_PIXELS = 100_000_000;
/** With less, the text cannot be read. */
const LEAST_SCALE = 0.5;

const FONTS = ['400-normal', '700-normal'].map(
  (style) => `@fontsource/dejavu-mono/files/dejavu-mono-latin-${style}.woff2`,
);

/**
 * A picture as PNG. What draws it, a library compiled to WebAssembly, and the font are only loaded when they
 * are called for, so that the picture looks the same on a machine without fonts.
 * @throws UsageError when they are not installed, since they can be left out; and when a picture is too large
 */
export async function pngOf({ width, height }: Layout, svg: string): Promise<Uint8Array> {
  const scale = Math.min(SCALE, Math.sqrt(MOST_PIXELS / (width * height)));
  if (scale < LEAST_SCALE)
    throw new UsageError(`the picture is too large for PNG (${width} by ${height}); write an .svg`);
  const { Resvg, fontBuffers } = await renderer();
  const picture = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { fontBuffers, loadSystemFonts: false },
  });
  return picture.render().asPng();
}

async function renderer() {
  try {
    const fontBuffers = FONTS.map((font) => readFileSync(require.resolve(font)));
    const { initWasm, Resvg } = await import('@resvg/resvg-wasm');
    await initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
    return { Resvg, fontBuffers };
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new UsageError(
      'PNG needs the packages @resvg/resvg-wasm and @fontsource/dejavu-mono, which are not installed; write an .svg, or install them',
    );
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /MODULE_NOT_FOUND$/.test(String(error.code));
