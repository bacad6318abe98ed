/** Colours of a picture. */
interface Palette {
  readonly canvas: string;
  readonly ink: string;
  readonly dim: string;
  readonly box: string;
  readonly fence: string;
  readonly edge: string;
  readonly handler: string;
  readonly handlerEdge: string;
  readonly wrong: string;
  readonly allowed: string;
  readonly po: string;
  readonly rf: string;
  readonly co: string;
  readonly fr: string;
  readonly dependency: string;
  readonly rmw: string;
  readonly other: string;
}

/**
 * Lines have colours that people with any kind of colour vision tell apart (after Okabe and Ito 2008), darker
 * or lighter than there, so that the names written in them can be read (a contrast of 4.5 and more); each
 * relation also has its own kind of line.
 */
const light: Palette = {
  canvas: '#ffffff',
  ink: '#1b1f24',
  dim: '#57606a',
  box: '#ffffff',
  fence: '#eceff2',
  edge: '#8c959f',
  handler: '#f2eefb',
  handlerEdge: '#b3a3dd',
  wrong: '#b5320a',
  allowed: '#0063a0',
  po: '#57606a',
  rf: '#007a58',
  co: '#0063a0',
  fr: '#b34700',
  dependency: '#9c3f78',
  rmw: '#1b1f24',
  other: '#5c45b5',
};

const dark: Palette = {
  canvas: '#14171c',
  ink: '#eceff3',
  dim: '#a3acb7',
  box: '#1d2229',
  fence: '#2b323b',
  edge: '#6b7682',
  handler: '#241f36',
  handlerEdge: '#6f5fa8',
  wrong: '#ff8a65',
  allowed: '#62b8f0',
  po: '#a3acb7',
  rf: '#33c79a',
  co: '#62b8f0',
  fr: '#f39a52',
  dependency: '#e29cc6',
  rmw: '#eceff3',
  other: '#b3a1f5',
};

/** `auto` is dark where the reader's screen is, and light on paper. */
export type Theme = 'auto' | 'light' | 'dark';

/** Style rules for everything below an element of class `fenceline-picture`; nothing else is touched. */
export function styleSheet(theme: Theme): string {
  const colours = paletteRules(theme === 'dark' ? dark : light);
  const media =
    theme === 'auto' ? `@media screen and (prefers-color-scheme:dark){${paletteRules(dark)}}` : '';
  const broken = Object.entries(dashes).map(([name, dash]) =>
    rule(`path.${name}`, `stroke-dasharray:${dash}`),
  );
  const shapes = SHAPES.map(([selector, body]) => rule(selector, body));
  return [...broken, ...shapes, colours, media].join('');
}

const dashes = {
  co: '7 3',
  fr: '2 3',
  addr: '8 3 2 3',
  data: '8 3 2 3 2 3',
  ctrl: '4 4',
  choice: '2 4',
  other: '10 4',
};

const DEPENDENCIES = ['addr', 'data', 'ctrl', 'choice'];

/**
 * What does not depend on the theme. Plain rules only: not every program that draws SVG knows variables or
 * nesting.
 */
const SHAPES: readonly (readonly [selector: string, body: string])[] = [
  ['text', `font-family:"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;white-space:pre`],
  ['.strong', 'font-weight:bold'],
  ['.allowed', 'font-weight:bold'],
  ['.forbidden', 'font-weight:bold'],
  ['path', 'fill:none;stroke-width:1.4;stroke-linejoin:round'],
  ['.casing', 'stroke-width:5'],
  ['.cycle path', 'stroke-width:2.8'],
  ['.cycle .casing', 'stroke-width:7'],
  ['.arrow', 'stroke:none'],
  ['.box', 'stroke-width:1.2'],
  ['.cycle .box', 'stroke-width:2.4'],
  ['.wrong .box', 'stroke-width:2.4'],
  ['.handler', 'stroke-width:1.2;stroke-dasharray:5 3'],
  ['.aside', 'opacity:.55'],
  ['.cycle path.co', 'stroke-dasharray:9 4'],
  ['.cycle path.fr', 'stroke-dasharray:3.5 4'],
  ['path.not-kept', 'stroke-dasharray:3.5 4'],
];

function paletteRules(palette: Palette): string {
  const lines = ['po', 'rf', 'co', 'fr', 'rmw', 'other', ...DEPENDENCIES].flatMap((name) => {
    const colour = DEPENDENCIES.includes(name) ? palette.dependency : palette[name as keyof Palette];
    return [
      rule(`path.${name}`, `stroke:${colour}`),
      rule(`text.${name}`, `fill:${colour}`),
      rule(`.arrow.${name}`, `fill:${colour};stroke:none`),
    ];
  });
  return [
    rule('.canvas', `fill:${palette.canvas}`),
    rule('text', `fill:${palette.ink}`),
    rule('.dim', `fill:${palette.dim}`),
    rule('.wrong', `fill:${palette.wrong}`),
    rule('.allowed', `fill:${palette.allowed}`),
    rule('.forbidden', `fill:${palette.wrong}`),
    rule('.casing', `stroke:${palette.canvas}`),
    rule('.box', `fill:${palette.box};stroke:${palette.edge}`),
    rule('.fence .box', `fill:${palette.fence}`),
    rule('.cycle .box', `stroke:${palette.ink}`),
    rule('.wrong .box', `stroke:${palette.wrong}`),
    rule('.handler', `fill:${palette.handler};stroke:${palette.handlerEdge}`),
    ...lines,
  ].join('');
}

function rule(selector: string, body: string): string {
  return body ? `.fenceline-picture ${selector}{${body}}` : '';
}
