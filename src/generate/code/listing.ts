import { locationName } from '../cycle-program.js';
import type { ThreadCode } from './code-writer.js';

/** Init section and program of a test, of the code of its threads: functions of C, or columns of assembly. */
export function listing(codes: readonly ThreadCode[], isC: boolean): string {
  return isC ? functions(codes) : columns(codes);
}

/** Assembly: a column for each thread. */
function columns(codes: readonly ThreadCode[]): string {
  const init = codes.flatMap(({ addresses }, thread) =>
    addresses.length === 0
      ? []
      : [
          ` ${addresses.map(([register, location]) => `${thread}:${register}=${locationName(location)};`).join(' ')}`,
        ],
  );
  const table = codes.map(({ lines }, thread) => [`P${thread}`, ...lines]);
  const widths = table.map((column) => Math.max(...column.map(({ length }) => length)));
  const rows = Array.from(
    { length: Math.max(...table.map(({ length }) => length)) },
    (_, row) => ` ${table.map((column, index) => (column[row] ?? '').padEnd(widths[index])).join(' | ')} ;`,
  );
  return [...['{', ...init, '}'], ...rows, ''].join('\n');
}

function functions(codes: readonly ThreadCode[]): string {
  const threads = codes.map(({ lines, addresses }, thread) => {
    const parameters = addresses.map(([name]) => `int *${name}`).sort();
    return `P${thread}(${parameters.join(', ')})\n{\n${lines.join('\n')}\n}\n`;
  });
  return ['{}\n', ...threads].join('\n');
}
