#!/usr/bin/env node
// herd7's command line: fenceline herd7, under a name that scripts can take for herd7.
const { load } = require('./load.js');

load()?.main(['herd7', ...process.argv.slice(2)]);
