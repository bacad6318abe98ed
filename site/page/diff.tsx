/** Lines that differ, as `lineDiff` of the library gives them. */
export function Diff({ lines }: { readonly lines: readonly string[] }) {
  return (
    <pre class="diff">
      {lines.map((line, index) => (
        <span key={index} class={line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : ''}>
          {line}
          {'\n'}
        </span>
      ))}
    </pre>
  );
}
