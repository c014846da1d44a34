import { createInterface } from 'node:readline/promises'
import { CliError, EXIT } from './exit.ts'

export interface Refusal {
  code: string
  message: string
}

/** Asks the person at the terminal; anything but yes fails with the refusal. */
export async function askYes(question: string, { code, message }: Refusal): Promise<void> {
  const prompt = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await prompt.question(`${question} [y/N] `)
    if (!/^y(es)?$/i.test(answer.trim())) throw new CliError(EXIT.interrupted, code, message)
  } finally {
    prompt.close()
  }
}
