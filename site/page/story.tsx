/** What is told in lines of their own; who has no mouse scrolls it by keys. */
export function Story({ lines }: { readonly lines: readonly string[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <pre class="story" tabIndex={0}>
      {lines.join('\n')}
    </pre>
  );
}
