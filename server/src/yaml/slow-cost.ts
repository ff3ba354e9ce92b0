/** What it costs to read a text with the `yaml` package, told from the text alone. */

const [LINE, COMMA, DASH, COLON, QUESTION, BRACKET, BRACE, SPACE] = [10, 44, 45, 58, 63, 91, 123, 32] as const;

/**
 * Roughly how many nodes the package would make of a text, and never far fewer: its lines, and the signs that begin an entry, an item or
 * a collection. It needs up to a kilobyte and ten microseconds for each of them, so this is asked first.
 */
export function slowCost(text: string): number {
  let cost = 1;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case LINE:
      case COMMA:
      case BRACKET:
      case BRACE:
        cost++;
        break;
      case DASH:
      case COLON:
      case QUESTION:
        if (text.charCodeAt(at + 1) <= SPACE) cost++;
        break;
      default:
    }
  }
  return cost;
}
