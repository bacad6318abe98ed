#!/usr/bin/env node
// herd7's command line: fenceline herd7, under a name that scripts can take for herd7.
import { load } from './load.js';

await load()?.main(['herd7', ...process.argv.slice(2)]);
