#!/usr/bin/env node
// herd7's command line: fenceline herd7, under a name that scripts can take for herd7.
process.argv.splice(2, 0, 'herd7');
await import('./fenceline.js');
