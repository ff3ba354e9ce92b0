/**
 * A text too long to be handled in one go: the client gets it as one string. It is encoded for the wire while it is made, so that it takes
 * no more room than that.
 */

/** Characters that are encoded in one go: about a millisecond's work. */
const SLICE = 1 << 18;

const encoder = new TextEncoder();

export class LongText {
  private readonly slices: Uint8Array[] = [];
  private pieces: string[] = [];
  private length = 0;

  get isEmpty(): boolean {
    return this.slices.length === 0 && this.pieces.length === 0;
  }

  add(piece: string): void {
    if (piece === '') return;
    this.pieces.push(piece);
    this.length += piece.length;
    if (this.length >= SLICE) this.encode();
  }

  /** What stands between the quotes of the JSON of the text, as UTF-8. */
  get encoded(): readonly Uint8Array[] {
    if (this.pieces.length > 0) this.encode();
    return this.slices;
  }

  /** For whoever writes it at once. */
  toJSON(): string {
    const decoder = new TextDecoder();
    return JSON.parse(`"${this.encoded.map((slice) => decoder.decode(slice)).join('')}"`);
  }

  private encode(): void {
    // Halves of a pair of surrogates that two slices tear apart are escaped, and are one again when the text is read.
    this.slices.push(encoder.encode(JSON.stringify(this.pieces.join('')).slice(1, -1)));
    this.pieces = [];
    this.length = 0;
  }
}
