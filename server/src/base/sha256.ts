/** SHA-256 (FIPS 180-4) of text, for names that other tools derive from it; available wherever JavaScript runs, and synchronous. */

const BLOCK = 64;

/** Fractional parts of the square and cube roots of the first primes: FIPS 180-4, 4.2.2 and 5.3.3. */
function roots(): { readonly state: readonly number[]; readonly constants: readonly number[] } {
  const primes: number[] = [];
  for (let candidate = 2; primes.length < BLOCK; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate);
  }
  const fraction = (root: number) => ((root % 1) * 2 ** 32) | 0;
  return {
    state: primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime))),
    constants: primes.map((prime) => fraction(Math.cbrt(prime))),
  };
}

const { state: START, constants: CONSTANTS } = roots();

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** The message with its end marked and its length in bits, in whole blocks. */
function padded(message: Uint8Array): DataView {
  const blocks = Math.floor((message.length + 8) / BLOCK) + 1;
  const bytes = new Uint8Array(blocks * BLOCK);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(bytes.length - 4, (message.length * 8) >>> 0);
  return view;
}

function digestBlock(state: number[], view: DataView, offset: number): void {
  const words: number[] = [];
  for (let i = 0; i < 16; i++) words.push(view.getInt32(offset + i * 4));
  for (let i = 16; i < BLOCK; i++) {
    const a = words[i - 15] ?? 0;
    const b = words[i - 2] ?? 0;
    const low = rotate(a, 7) ^ rotate(a, 18) ^ (a >>> 3);
    const high = rotate(b, 17) ^ rotate(b, 19) ^ (b >>> 10);
    words.push(((words[i - 16] ?? 0) + low + (words[i - 7] ?? 0) + high) | 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (const [i, word] of words.entries()) {
    const choice = (e & f) ^ (~e & g);
    const first = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + choice + (CONSTANTS[i] ?? 0) + word) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const second = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + majority) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) state[i] = ((state[i] ?? 0) + word) | 0;
}

/** The digest in hexadecimal of a text in UTF-8. */
export function sha256(text: string): string {
  const view = padded(new TextEncoder().encode(text));
  const state = [...START];
  for (let offset = 0; offset < view.byteLength; offset += BLOCK) digestBlock(state, view, offset);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
