/** Orders semantic versions (semver.org 2.0.0, section 11); negative when `a` precedes `b`. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = splitOnce(a)
  const [coreB = '', preB] = splitOnce(b)
  return compareIdentifiers(coreA, coreB) || comparePreReleases(preA, preB)
}

function splitOnce(version: string): [string, string | undefined] {
  const at = version.indexOf('-')
  return at === -1 ? [version, undefined] : [version.slice(0, at), version.slice(at + 1)]
}

function comparePreReleases(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return compareIdentifiers(a, b)
}

function compareIdentifiers(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const order = compareIdentifier(left[at] as string, right[at] as string)
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareIdentifier(a: string, b: string): number {
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (numericA && numericB) return Number(a) - Number(b)
  if (numericA !== numericB) return numericA ? -1 : 1
  return a < b ? -1 : Number(a > b)
}
