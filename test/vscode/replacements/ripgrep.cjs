// Stands in for `@vscode/ripgrep`, whose install script downloads: the same program from the package for this platform.
const { join } = require('node:path');

// Counted from lib/vscode/node_modules/@vscode/ripgrep of code-server.
const modules = join(__dirname, '../../../../../..');
exports.rgPath = join(modules, '@vscode', `ripgrep-linux-${process.arch}`, 'bin/rg');
