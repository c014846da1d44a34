/** Requests that may be under way at one time, all together and for one tenant, so that none takes the place of others. */
export interface Slots {
  /** Resolves when there is a place, in the order of the calls for each tenant, with what gives it back. */
  take(tenant: string): Promise<() => void>
}

const ALL_MAX = 256
const TENANT_MAX = 40

export function createSlots(allMax: number = ALL_MAX, tenantMax: number = TENANT_MAX): Slots {
  const taken = new Map<string, number>()
  const waiting: Array<{ tenant: string; start: () => void }> = []
  let all = 0

  const hasPlace = (tenant: string): boolean => all < allMax && (taken.get(tenant) ?? 0) < tenantMax
  const occupy = (tenant: string): void => {
    all += 1
    taken.set(tenant, (taken.get(tenant) ?? 0) + 1)
  }
  function giveBack(tenant: string): void {
    all -= 1
    const left = (taken.get(tenant) ?? 1) - 1
    if (left > 0) taken.set(tenant, left)
    else taken.delete(tenant)
    const next = waiting.findIndex((one) => hasPlace(one.tenant))
    if (next >= 0) waiting.splice(next, 1)[0]?.start()
  }

  return {
    take: (tenant) =>
      new Promise((resolve) => {
        const start = (): void => {
          occupy(tenant)
          resolve(() => giveBack(tenant))
        }
        if (hasPlace(tenant)) start()
        else waiting.push({ tenant, start })
      }),
  }
}
