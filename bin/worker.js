// A thread that checks some of the files of a run.
const { load } = require('./load.js');

load().work();
