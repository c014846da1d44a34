/**
 * Takes standard output for the runner: whatever the loaded module prints from now on goes to standard error.
 *
 * @returns writes text to the real standard output
 */
export function claimStdout(): (text: string) => void {
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = process.stderr.write.bind(process.stderr)
  return (text) => {
    write(text)
  }
}
