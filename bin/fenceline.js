#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../build/fenceline.js', import.meta.url);

if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('fenceline: not built yet; run `npm run build` first');
  process.exitCode = 2;
}
