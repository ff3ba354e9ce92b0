/** Tells values from the placeholders that scripts and generators replace. */

const CAPITALS = /^[A-Z0-9]+(?:[_-][A-Z0-9]+)+$/;
const CAPITAL_WORDS = /(?:CLUSTER|NETWORK|NAME|MESH|REGION|ENV|PLACEHOLDER|PATCHED|CHANGE)/;
const MARKS =
  /\$\{[^}]*\}|\{\{|^\$\w+$|<[\w .-]+>|\{\w*\}|\bplaceholder\b|^change-me|^changeme|^default-cluster-name$/i;

/** True if `text` stands for a value that is filled in later. A word in capitals alone (`EU`) is a name. */
export function isPlaceholder(text: string): boolean {
  if (text.length > 256) return false;
  return MARKS.test(text) || (CAPITALS.test(text) && CAPITAL_WORDS.test(text));
}
