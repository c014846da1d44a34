import { AzoraError, type Clock, type Log, timestamp, toAzoraError } from '@azora/base'
import type { Db } from '@azora/base/db'
import type {
  ActivatedVersion,
  ActivateRequest,
  ActivationStatement,
  BacktestRequest,
  BacktestResult,
  ConstitutionFiles,
  ConstitutionView,
} from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { digestOfLaw, type Gate, lawFilesOf } from '@azora/law'
import { type Signer, signStatement } from '@azora/proof'
import { type Activator, type Asker, createActivator } from './activator.ts'
import { type BacktestOptions, createBacktester } from './backtest/backtest.ts'
import { type Folder, openFolder } from './folder.ts'
import { createGates } from './gates.ts'
import { versionsIn } from './history.ts'
import { digestIn } from './in-force.ts'
import { createVersionStore } from './store/versions.ts'
import { viewOf } from './view.ts'

/** The law in force. As a gate it always judges by the version that was activated last. */
export interface Constitution extends Gate {
  /** Digest of the law in force; that of no files before the first activation. */
  readonly digest: string
  /** Why everything is denied, when there is no valid law. */
  readonly problem: string | undefined
  current(): Promise<ConstitutionView>
  /** How the folder of the installation differs from the law in force, and what to do about it. */
  folderDiffers(): Promise<string | undefined>
  /** Every activation, newest first. */
  versions(): Promise<ActivatedVersion[]>
  /** The gate of a law that is kept; undefined when its files are not here, or are no law. */
  gateOf(digest: string): Promise<Gate | undefined>
  /** The gate of files that need not be in force. Throws `law_invalid`. */
  gateIn(files: ConstitutionFiles): { digest: string; gate: Gate }
  /** Throws `version_not_found`. */
  files(digest: string): Promise<ConstitutionFiles>
  /**
   * Puts a law in force. Throws `signature_invalid`, `sequence_conflict`, `digest_mismatch`, `rollback_not_stated`,
   * `already_in_force`, `law_invalid`, `cases_failed`.
   */
  activate(request: ActivateRequest, by: Asker): Promise<ActivatedVersion>
  /** What the recorded verdicts would have been under a draft. Throws `law_invalid`, `backtest_running`, … */
  backtest(request: BacktestRequest, options?: BacktestOptions): Promise<BacktestResult>
}

export interface ConstitutionDeps {
  db: Db
  journal: Pick<Journal, 'append' | 'last' | 'scan' | 'read' | 'status' | 'subscribe'>
  /** Verifier keys (C2SP signed-note) of those whose signature activates a law. */
  ownerKeys: readonly string[]
  /** The law of the installation: it is activated at the first start of all, if the owner's key is there to sign it. */
  seed: { folder: string; signer?: Signer | undefined }
  /** Selects the layers of the law that hold in it, such as `production`. */
  environment?: string | undefined
  log: Log
  clock: Clock
}

const SYSTEM = { id: 'system:constitution', tenant: 'default' }

/** Takes up the law that the journal names. Doesn't throw for a broken one: everything is denied then. */
export async function createConstitution(deps: ConstitutionDeps): Promise<Constitution> {
  const { journal, log } = deps
  const store = await createVersionStore(deps.db)
  const folder = openFolder(deps.seed.folder)
  const activator = await createActivator({ ...deps, store })
  await seed(activator, deps, folder)
  const { inForce, activate } = activator
  const folderDiffers = () => folder.differenceFrom(inForce().position.digest)
  const { problem } = inForce()
  if (problem !== undefined) log.error({ problem }, 'no valid constitution: everything will be denied')
  const difference = await folderDiffers()
  if (difference !== undefined) log.warn(difference)
  return {
    verify: (request) => inForce().gate.verify(request),
    verifyOutput: (request) => inForce().gate.verifyOutput(request),
    verifyPlan: (request) => inForce().gate.verifyPlan(request),
    mayDecide: (request) => inForce().gate.mayDecide(request),
    inspect: (observation) => inForce().gate.inspect(observation),
    get digest() {
      return digestIn(inForce())
    },
    get problem() {
      return inForce().problem
    },
    current: async () => viewOf(inForce(), await folderDiffers()),
    folderDiffers,
    versions: () => versionsIn(journal),
    async files(digest) {
      const files = await store.read(digest)
      if (files) return files
      throw new AzoraError('missing', 'version_not_found', `no constitution ${digest} is kept here`)
    },
    ...createGates({ inForce, store, environment: deps.environment }),
    activate,
    backtest: createBacktester({ journal, environment: deps.environment, log }),
  }
}

/** At the first start of all: activates the law of the installation, signed with its owner's key. */
async function seed(
  activator: Activator,
  { seed: { signer }, clock, log }: ConstitutionDeps,
  folder: Folder,
): Promise<void> {
  if (!activator.inForce().untouched || !signer) return
  try {
    const files = await folder.read()
    const statement: ActivationStatement = {
      type: 'azora.constitution.v1',
      constitution: digestOfLaw(lawFilesOf(files)),
      sequence: 1,
      previous: null,
      at: timestamp(clock.now()),
    }
    await activator.activate({ ...signStatement(statement, signer), files }, SYSTEM)
  } catch (thrown) {
    const error = toAzoraError(thrown)
    if (error.advice === 'bug') log.error({ err: thrown }, 'the law of this installation could not be activated')
    activator.shut(`the law of this installation could not be activated: ${error.message}`)
  }
}
