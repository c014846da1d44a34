/** Lets changes happen one after the other: each sees what the one before it did, also when that failed. */
export function oneAfterAnother(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (change) => {
    const mine = last.then(change)
    last = mine.catch(() => undefined)
    return mine
  }
}
