/** Something to find, and what stands for it. */
export interface Pattern {
  bytes: Buffer
  marker: Buffer
  /** Called for each stretch that begins with it and is replaced. */
  onHit?: () => void
}

/** Looks for patterns in a stream. */
export interface Scanner {
  /** What of the stream can be told by now, with each stretch that patterns cover replaced by one marker. */
  push(chunk: Buffer): Buffer
  /** The rest. */
  end(): Buffer
  /** Stretches that were replaced so far. */
  hits(): number
}

interface Compiled extends Pattern {
  /** The failure function of Knuth, Morris and Pratt: how much of a beginning is a beginning again at each place. */
  failure: Uint32Array
}

const compile = (pattern: Pattern): Compiled => {
  const { bytes } = pattern
  const failure = new Uint32Array(bytes.length)
  for (let at = 1, known = 0; at < bytes.length; at++) {
    while (known > 0 && bytes[at] !== bytes[known]) known = failure[known - 1] ?? 0
    if (bytes[at] === bytes[known]) known += 1
    failure[at] = known
  }
  return { ...pattern, failure }
}

/** Length of the longest end of `text` that is a beginning of the pattern, but not all of it. */
function begun({ bytes, failure }: Compiled, text: Buffer): number {
  let known = 0
  for (let at = Math.max(0, text.length - bytes.length + 1); at < text.length; at++) {
    while (known > 0 && text[at] !== bytes[known]) known = failure[known - 1] ?? 0
    if (text[at] === bytes[known]) known += 1
    if (known === bytes.length) known = failure[known - 1] ?? 0
  }
  return known
}

/**
 * Makes scanners for patterns. A scanner keeps less than the longest pattern of what went by, and holds back only what
 * could be the beginning of a pattern; how a stream is cut into chunks makes no difference.
 */
export function createScanners(patterns: readonly Pattern[]): () => Scanner {
  const compiled = patterns.filter(({ bytes }) => bytes.length > 0).map(compile)
  return () => {
    /** The end of the stream that patterns may still begin in; it starts at `base`. */
    let kept: Buffer = Buffer.alloc(0)
    let base = 0
    /** Up to here everything was given out, or is covered by a marker that was. */
    let given = 0
    let covered = -1
    let hits = 0

    /** Gives out what lies before `until`. Markers of stretches that begin there are given out whole. */
    const give = (until: number): Buffer => {
      const parts: Buffer[] = []
      for (const { start, end, marker, onHit } of stretches(compiled, kept)) {
        const [from, to] = [base + start, base + end]
        if (from >= until) break
        if (from > given) parts.push(kept.subarray(given - base, start))
        if (from > covered || covered === -1) {
          parts.push(marker)
          hits += 1
          onHit?.()
        }
        covered = Math.max(covered, to)
        given = Math.max(given, to)
      }
      if (until > given) {
        parts.push(kept.subarray(given - base, until - base))
        given = until
      }
      return Buffer.concat(parts)
    }
    return {
      push(chunk) {
        kept = Buffer.concat([kept, chunk])
        const held = compiled.reduce((longest, pattern) => Math.max(longest, begun(pattern, kept)), 0)
        const until = base + kept.length - held
        const out = give(until)
        kept = kept.subarray(until - base)
        base = until
        return out
      },
      end() {
        const out = give(base + kept.length)
        base += kept.length
        kept = Buffer.alloc(0)
        return out
      },
      hits: () => hits,
    }
  }
}

/** Every place where a pattern is, by its beginning. */
function stretches(patterns: readonly Compiled[], text: Buffer) {
  const found: Array<{ start: number; end: number } & Pattern> = []
  for (const { failure: _, ...pattern } of patterns) {
    const { bytes } = pattern
    for (let start = text.indexOf(bytes); start !== -1; start = text.indexOf(bytes, start + 1))
      found.push({ ...pattern, start, end: start + bytes.length })
  }
  return found.sort((a, b) => a.start - b.start || b.end - a.end)
}
