const HEX = /^(?:[0-9a-f]{2})+$/i
const BASE32 = /^[a-z2-7]+=*$/i
const BASE64 = /^[a-z0-9+/_-]+={0,2}$/i
const MAX_DECODED = 4096

/** The bytes that a text in hexadecimal, base32 (RFC 4648) or base64 stands for, at most the first 4 KiB. */
export function readEncoded(text: string): Buffer | undefined {
  const head = text.slice(0, MAX_DECODED)
  if (HEX.test(head) || HEX.test(head.slice(0, -1))) return Buffer.from(head, 'hex')
  const options = [
    ...(BASE64.test(head) ? [Buffer.from(head, 'base64')] : []),
    ...(BASE32.test(head) ? [fromBase32(head)] : []),
  ]
  return options.find(isPrintable) ?? options[0]
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

function fromBase32(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text.toLowerCase().replace(/=+$/, '')) {
    value = ((value << 5) | ALPHABET.indexOf(letter)) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((value >> bits) & 0xff)
    }
  }
  return Buffer.from(bytes)
}

const SHORTEST_TEXT = 8

/** True for bytes that are plain ASCII text, or UTF-8 text. */
export function isPrintable(bytes: Buffer): boolean {
  if (bytes.length < SHORTEST_TEXT) return false
  let plain = 0
  for (const byte of bytes) if ((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13) plain += 1
  if (plain === bytes.length) return true
  return plain >= bytes.length * 0.6 && !bytes.toString('utf8').slice(0, -1).includes('\ufffd')
}

/** First bytes of files, in hexadecimal. */
const ARCHIVES = [
  '1f8b08',
  '504b0304',
  '425a68',
  'fd377a58',
  '377abcaf',
  '28b52ffd',
  '04224d18',
  '52617221',
  '53514c69',
]
const MEDIA = [
  '89504e47',
  'ffd8ff',
  '47494638',
  '52494646',
  '25504446',
  '4f676753',
  '494433',
  '00000018',
  '0000001c',
  '00000020',
  '774f46',
  '3c737667',
  '49492a00',
  '4d4d002a',
  '0061736d',
]

/** The kind of a file by its first bytes: compressed, a picture or another medium, or unknown. */
export function kindOf(bytes: Buffer): 'archive' | 'media' | undefined {
  const head = bytes.subarray(0, 4).toString('hex')
  if (ARCHIVES.some((start) => head.startsWith(start))) return 'archive'
  return MEDIA.some((start) => head.startsWith(start)) ? 'media' : undefined
}
