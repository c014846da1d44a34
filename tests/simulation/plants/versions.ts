import { edit, type Plant } from './plant.ts'

/** Bugs in which version of what a run uses. */
export const PLANTS_OF_VERSIONS: readonly Plant[] = [
  {
    name: 'a run uses the skills of today',
    theme: 'upgrades',
    edits: [edit('skills/offers.ts', 'return offers[before(index)] ?? ', 'return offers.at(-1) ?? ')],
  },
  {
    name: 'a run that was moved to newer skills keeps the old ones',
    theme: 'upgrades',
    edits: [
      edit(
        'orchestrator/fold/fold.ts',
        "isKind(entry, 'run.skills_migrated')) fold.catalogAt = entry.header.index",
        'false) {}',
      ),
    ],
  },
  {
    name: 'a step that was judged becomes another version of its skill',
    theme: 'upgrades',
    edits: [edit('orchestrator/judging/propose.ts', 'earlier?.skillVersion ?? step.version', 'step.version')],
  },
  {
    name: 'a fork uses the skills of the run that it comes from',
    theme: 'upgrades',
    edits: [
      edit(
        'orchestrator/fold/fold.ts',
        'catalogAt: entry.header.index,',
        'catalogAt: (specErased ? undefined : entry.payload.takenOver?.index) ?? entry.header.index,',
      ),
    ],
  },
  {
    name: 'code goes that a run in flight needs',
    theme: 'upgrades',
    edits: [edit('skills/offers.ts', 'Math.max(0, before(index))', 'Math.max(0, before(index) + 1)')],
  },
  {
    name: 'a run moves to a version that answers otherwise',
    theme: 'upgrades',
    edits: [edit('orchestrator/forking/migrate.ts', "if (report.outcome === 'same') return", 'return')],
  },
]
