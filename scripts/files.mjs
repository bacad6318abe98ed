import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Paths of all files under `root/folder`, relative to `folder`, with `/` separators, sorted; none when it is
 * missing.
 */
export function filesUnder(root, folder) {
  const found = [];
  const walk = (prefix) => {
    for (const entry of readdirSync(join(root, folder, prefix), { withFileTypes: true })) {
      const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  try {
    walk('');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return found.sort();
}
