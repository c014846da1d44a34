const BASE64 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,20000}={0,2}(?![A-Za-z0-9+/])/g
const HEX = /(?<![0-9a-z])(?:[2-7][0-9a-f][ :]?){12,10000}(?![0-9a-z])/gi
const HINT =
  /rot-?13|caesar|cipher|decod|backwards?|reverse|mirror|right to left|rückwärts|à l'envers|al revés|al contrario|de trás|wstecz|tersten|задом|наоборот|倒(?:着|序)|逆(?:から|さ)|मोड़|معكوس/i
const PLAIN_TEXT = /^[\p{L}\p{P}\p{Zs}\d\n\r\t$+<=>^`|~]+$/u
const HAS_WORDS = /\p{L}{3,}[\s,.]+\p{L}{2,}/u
const MAX_DECODED = 16

/** What a model could make of encoded pieces: base64 and hexadecimal always, ciphers where the text speaks of one. */
export function decodedFrom(text: string): string[] {
  const found: string[] = []
  for (const [piece] of text.matchAll(BASE64)) {
    if (found.length >= MAX_DECODED) break
    if (!/^[a-z]+$|^[A-Z]+$|^[0-9a-fA-F]+$/.test(piece)) keepText(Buffer.from(piece, 'base64'), found)
  }
  for (const [piece] of text.matchAll(HEX)) {
    if (found.length >= MAX_DECODED) break
    keepText(Buffer.from(piece.replaceAll(/[ :]/g, ''), 'hex'), found)
  }
  const hinted = HINT.exec(text)
  if (hinted) {
    const near = text.slice(Math.max(0, hinted.index - 4000), hinted.index + 8000)
    found.push(
      rot13(near),
      ...near
        .split('\n')
        .filter((line) => line.length > 20)
        .slice(0, 40)
        .map((line) => [...line].reverse().join('')),
    )
  }
  return found
}

function keepText(bytes: Buffer, found: string[]): void {
  const text = bytes.toString('utf8')
  if (text.length >= 12 && PLAIN_TEXT.test(text) && HAS_WORDS.test(text)) found.push(text)
}

const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const start = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - start + 13) % 26) + start)
  })
