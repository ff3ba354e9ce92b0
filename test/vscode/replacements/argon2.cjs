// Stands in for the native module `argon2`: this server listens on the loopback address only and has no password.
const refuse = async () => {
  throw new Error('no passwords in this VS Code');
};
exports.hash = refuse;
exports.verify = refuse;
