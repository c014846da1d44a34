/** The things that lie between two offsets, of a list in the order of the source in which none overlaps another. */
export function between<Thing extends { start: number; end: number }>(
  things: readonly Thing[],
  start: number,
  end: number,
): Thing[] {
  let low = 0
  let high = things.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((things[middle]?.start ?? 0) < start) low = middle + 1
    else high = middle
  }
  const found: Thing[] = []
  for (let at = low; at < things.length; at += 1) {
    const thing = things[at]
    if (!thing || thing.end > end) break
    found.push(thing)
  }
  return found
}
