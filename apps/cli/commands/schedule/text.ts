import type { Occurrence, ScheduleView } from '@azora/contracts'
import { budgetText } from '../../output/budgets.ts'
import { scopeText } from '../../output/scope.ts'
import { printable, type Style, shorten } from '../../output/style.ts'
import { duration, facts, table } from '../../output/text.ts'

export function schedulesText(style: Style, items: readonly ScheduleView[]): string {
  if (items.length === 0) return 'no schedules'
  const rows = items.map(({ name, cron, timeZone, agentId, state, next, recent }) => [
    ...[name, cron, timeZone, agentId, state],
    next[0] === undefined ? '' : localTime(next[0], timeZone),
    recent[0]?.state ?? '',
  ])
  return table(style, ['schedule', 'cron', 'zone', 'agent', 'state', 'next', 'last'], rows)
}

export function scheduleText(style: Style, view: ScheduleView, columns: number): string {
  const { name, cron, timeZone, agentId, agentVersion, state, owner, missed, overlap, next, recent, open, queued } =
    view
  const { input, scope, priority, shard, budget, deadlineSeconds } = view
  const head = facts(style, [
    ['schedule', name],
    ['state', state === 'stopped' ? 'stopped: who made it was removed' : state],
    ['times', `${cron}, ${timeZone}`],
    ['agent', agentVersion === undefined ? agentId : `${agentId} ${agentVersion}`],
    ['input', shorten(JSON.stringify(input), columns - 17)],
    ['scope', scopeText(scope)],
    ['budget', budgetText(budget)],
    ['priority', priority],
    ['shard', shard],
    ['deadline', deadlineSeconds === undefined ? undefined : `${duration(deadlineSeconds * 1_000)} after its start`],
    ['rights of', owner],
    ['missed, overlap', `${missed}, ${overlap}`],
    ['open runs', open.length],
    ['waiting times', queued],
    ...next.map((at, n): [string, string] => [n === 0 ? 'next' : '', localTime(at, timeZone)]),
  ])
  if (recent.length === 0) return head
  const rows = recent.map((one) => [
    localTime(one.at, timeZone),
    one.triggered ? `${one.state}, triggered` : one.state,
    one.runId ?? '',
    printable(whyOf(one, timeZone)),
  ])
  return `${head}\n\n${table(style, ['time', 'became', 'run', 'why'], rows)}`
}

function whyOf({ why, error, after }: Occurrence, timeZone: string): string {
  if (error) return `${error.code}: ${error.message}`
  return why === undefined ? '' : `${WHY[why]}${after === undefined ? '' : `, all after ${localTime(after, timeZone)}`}`
}

const WHY = {
  missed: 'the server was down',
  overlap: 'a run had not ended',
  queue_full: 'too many times wait',
} as const satisfies Record<NonNullable<Occurrence['why']>, string>

/** A time as clocks in the zone show it, with their distance from UTC, by which a repeated hour is told apart. */
function localTime(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(new Date(at))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? ''
  const offset = of('timeZoneName').replace('GMT', '') || 'Z'
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}:${of('second')}${offset}`
}
