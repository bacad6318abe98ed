/** What the browser keeps for this page, between visits. */

const PREFIX = 'fenceline.';

/** Null too where the browser keeps nothing. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null;
  }
}

export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + key, value);
  } catch {
    // It works without.
  }
}
