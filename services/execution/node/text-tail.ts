/** Keeps the end of a text, without the control characters that could play tricks on a reader's terminal. */
export interface TextTail {
  add(chunk: Buffer): void
  text(): string
}

/** Control characters, and those that reorder what stands beside them (UAX #9). */
const UNSAFE = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu
/** ECMA-48 control sequences: colours, cursor movements, titles. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it removes
const SEQUENCES = /\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b\n]*(\u0007|\u001b\\)?|[@-Z\\^_])/g

export function createTextTail(bytesMax: number): TextTail {
  let kept: Buffer = Buffer.alloc(0)
  return {
    add(chunk) {
      kept = Buffer.concat([kept, chunk])
      if (kept.length > bytesMax * 2) kept = kept.subarray(-bytesMax)
    },
    text: () => kept.subarray(-bytesMax).toString('utf8').replace(SEQUENCES, '').replace(UNSAFE, '').trim(),
  }
}
