/** A text too long to be handled in one go: the client gets it as one string. */
export class LongText {
  constructor(readonly pieces: readonly string[]) {}

  /** For whoever writes it at once. */
  toJSON(): string {
    return this.pieces.join('');
  }
}
