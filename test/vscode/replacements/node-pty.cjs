// Stands in for the native module `node-pty`: the tests open no terminal.
exports.spawn = () => {
  throw new Error('no terminal in this VS Code');
};
