// Ends a script that has started servers, browsers and folders so that nothing of them stays, however it ends.

const cleanUps = [];
let ending;

/** What takes longer to end is left alone. */
const PATIENCE_MS = 5000;

/** Remembers how to undo what was just started. */
export function atEnd(cleanUp) {
  cleanUps.push(cleanUp);
}

/** Undoes everything, newest first, and ends this process; only the first call counts. */
export function end(status) {
  ending ??= (async () => {
    for (let cleanUp = cleanUps.pop(); cleanUp !== undefined; cleanUp = cleanUps.pop()) {
      try {
        await Promise.race([cleanUp(), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
      } catch {
        // What cannot be ended is ended already.
      }
    }
    process.exit(status);
  })();
  return ending;
}

/** Says why and ends with status 1; what fails because of the ending says nothing. */
export function fail(reason) {
  if (ending === undefined) console.error(reason);
  return end(1);
}

process.on('SIGINT', () => end(130));
process.on('SIGTERM', () => end(143));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
