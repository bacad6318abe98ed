/** A picture in the language of Graphviz as SVG. Graphviz, compiled to WebAssembly, is only loaded when it is called for. */
export async function svgOf(dot: string): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return viz.renderString(dot, { format: 'svg', engine: 'neato' });
}
