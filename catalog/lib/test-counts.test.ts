import { expect, test } from 'vitest'
import { countTests } from './test-counts.ts'

test.each([
  ['vitest', ' Test Files  1 failed | 3 passed (4)\n      Tests  2 failed | 41 passed | 1 skipped (44)\n', 41, 2],
  ['jest', 'Test Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 12 passed, 13 total\n', 12, 1],
  ['node:test', '# tests 5\n# pass 4\n# fail 1\n', 4, 1],
  ['node:test for people', 'ℹ tests 5\nℹ pass 5\nℹ fail 0\n', 5, 0],
  ['mocha', '\n  12 passing (30ms)\n  2 failing\n', 12, 2],
  ['pytest', '===== 2 failed, 10 passed, 1 warning in 0.35s =====\n', 10, 2],
  ['pytest -q', '....\n4 passed in 0.01s\n', 4, 0],
  ['pytest with an error', '1 passed, 1 error in 0.10s\n', 1, 1],
  ['unittest', 'Ran 6 tests in 0.001s\n\nFAILED (failures=1, errors=1, skipped=1)\n', 3, 2],
  [
    'cargo',
    'test result: ok. 5 passed; 0 failed; 0 ignored\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n',
    7,
    1,
  ],
  ['go test -v', '--- PASS: TestA (0.00s)\n--- FAIL: TestB (0.00s)\nFAIL\n', 1, 1],
  ['TAP', 'TAP version 13\nok 1 - a\nnot ok 2 - b\nok 3 - c\n1..3\n', 2, 1],
  ['a plain summary', 'all done: 7 passed, 1 failed\n', 7, 1],
])('reads the summary of %s', (_, output, passed, failed) => {
  expect(countTests(output)).toEqual({ passed, failed })
})

test.each(['', 'no tests here\n', 'it passed\n', 'ok  \tgithub.com/x/y\t0.1s\n'])(
  'guesses nothing from %j',
  (output) => {
    expect(countTests(output)).toBeUndefined()
  },
)
