/** Tells values from the placeholders that scripts and generators replace. */

const CAPITALS = /^[A-Z0-9]+(?:[_-][A-Z0-9]+)+$/;
const CAPITAL_WORDS = /(?:CLUSTER|NETWORK|NAME|MESH|REGION|ENV|PLACEHOLDER|PATCHED|CHANGE|REPLACE|OVERRIDE|FILL|YOUR)/;
/** `__proto__` and its like are names. */
const DUNDER = /^__[A-Z][A-Z0-9_]*__$/;
const MARKS =
  /\$\{[^}]*\}|\{\{|^\$\w+$|<[\w .-]+>|\{\w*\}|\bplaceholder\b|^change-me|^changeme|^default-cluster-name$|^replace-?me\b|^replaceme$|^replace-with-|^@\w+@$|^%\w+%$/i;

/** True if `text` stands for a value that is filled in later. A word in capitals alone (`EU`) is a name. */
export function isPlaceholder(text: string): boolean {
  if (text.length > 256) return false;
  return MARKS.test(text) || DUNDER.test(text) || (CAPITALS.test(text) && CAPITAL_WORDS.test(text));
}

/** True for the forms that tools and scripts fill in after everything else, as `envsubst` does; the others a person replaces. */
export function isFilledByScripts(text: string): boolean {
  return /\$|\{\{|\{\w*\}/.test(text);
}
