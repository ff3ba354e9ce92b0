// Stands in for the native module `@vscode/spdlog`: VS Code's log files and output channels, written synchronously.
const { appendFileSync, mkdirSync } = require('node:fs');
const { EOL } = require('node:os');
const { dirname } = require('node:path');

// VS Code imports this as an ES module: only names that are assigned one by one are seen.
exports.Logger = class Logger {
  constructor(_type, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.level = 2;
    this.format = (level, text) => `${new Date().toISOString()} [${level}] ${text}${EOL}`;
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'critical'])
      this[level] = (text) => this.append(level, text);
  }
  append(level, text) {
    appendFileSync(this.file, this.format(level, text));
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.format = (_level, text) => text;
  }
  setPattern() {}
  flush() {}
  drop() {}
};
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = async (name, file) => new exports.Logger('rotating', name, file);
exports.createAsyncRotatingLogger = exports.createRotatingLogger;
