/** A version of Linux such as `5.8`; `6.x` is the newest that there is. */
export type Era = `${number}.${number}` | '6.x';

/** Two that stand for many: the kernels of NMI-RCU.txt, and those of today. */
export const eras = ['2.6', '6.x'] as const satisfies readonly Era[];

/**
 * The versions with which the code of some machine changed for a primitive that is supported; the tables say
 * what. Kernels between two of them are the same here.
 */
const changes: readonly Era[] = ['2.6', '3.4', '3.13', '3.15', '4.15', '4.17'];

/**
 * The version that a text names: `5.8`, `v5.8`, `4.14.336`, `5.10-rc3`; `6.x`, for one that no table tells
 * apart from its kin. Undefined for another text.
 */
export function eraNamed(text: string): Era | undefined {
  const [, major, minor = '0'] = /^v?(\d{1,3})(?:\.(\d{1,3}|x))?(?:\.\d+)*(?:-.*)?$/.exec(text) ?? [];
  if (major === undefined) return undefined;
  if (minor !== 'x') return `${Number(major)}.${Number(minor)}`;
  const [first, last] = [`${Number(major)}.0`, `${Number(major)}.999`] as const;
  if (Number(major) === 6) return '6.x';
  return isSameCode(first, last) ? first : undefined;
}

/** Whether a version is another one or came after it. */
export function isSince(era: Era, first: Era): boolean {
  const [a, b] = [numbers(era), numbers(first)];
  return a.major > b.major || (a.major === b.major && a.minor >= b.minor);
}

/** Whether all primitives are the same code in two versions. */
export function isSameCode(one: Era, other: Era): boolean {
  return changes.every((change) => isSince(one, change) === isSince(other, change));
}

function numbers(era: Era): { major: number; minor: number } {
  const [major, minor] = era
    .split('.')
    .map((part) => (part === 'x' ? Number.POSITIVE_INFINITY : Number(part)));
  return { major, minor };
}
