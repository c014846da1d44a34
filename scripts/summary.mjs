// Prints how many tests passed and failed, and fails when none ran. A file that could not be loaded counts as failed.
import { readFileSync } from 'node:fs'

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
)
const brokenFiles = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
).length
const failed = numFailedTests + brokenFiles
const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : ''
process.stdout.write(`${numPassedTests} passed, ${failed} failed${skipped}\n`)
process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0
