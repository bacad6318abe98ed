#!/usr/bin/env node
import { load } from './load.js';

await load()?.main(process.argv.slice(2));
