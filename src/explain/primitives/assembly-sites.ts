import type { Source } from '../../diagnostics.js';
import type { AssemblyBody, AssemblyInstruction } from '../../litmus/index.js';
import type { Edit } from './edits.js';
import type { Site } from './site.js';

/** Barriers, and the prefix LOCK. XCHG with memory is locked with and without it. */
export function assemblySites(
  { threads }: AssemblyBody,
  source: Source,
  barriers: ReadonlyMap<string, unknown>,
): Site[] {
  const sites = threads.flatMap((lines, thread) =>
    lines.flatMap((line): Site[] => {
      if (line.kind !== 'instruction') return [];
      const { start, end } = line.span;
      const common = { line: source.position(start).line, within: `P${thread}` };
      if (barriers.has(line.mnemonic)) {
        return [
          { ...common, text: line.mnemonic, remains: () => 'nothing', weakening: () => [blank(start, end)] },
        ];
      }
      if (!isLocked(line)) return [];
      const prefix = start + (/^\w+[\s;]*/.exec(source.text.slice(start, end))?.[0].length ?? 0);
      return [
        {
          ...common,
          text: source.text.slice(start, end).replace(/\s+/g, ' '),
          remains: () => 'no LOCK',
          weakening: () => [blank(start, prefix)],
        },
      ];
    }),
  );
  return sites.sort((a, b) => a.line - b.line);
}

function isLocked({ prefix, mnemonic }: AssemblyInstruction): boolean {
  return prefix === 'LOCK' && mnemonic !== 'XCHG';
}

/** Spaces, so that the columns of the table stay where they are. */
function blank(start: number, end: number): Edit {
  return { start, end, text: ' '.repeat(end - start) };
}
