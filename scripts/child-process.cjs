// In the place of node:child_process in the bundle: that is loaded when it is used, and not at each start.
module.exports = {
  get spawn() {
    return require('child_process').spawn;
  },
};
