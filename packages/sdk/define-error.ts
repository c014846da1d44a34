const CODE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/

/** A failure that a skill foresees. The action fails with this code and message, and the agent is told both. */
export class SkillError extends Error {
  override readonly name = 'SkillError'
  readonly code: string

  /**
   * @param code stable, lower-case with underscores, at most 60 characters, such as `not_a_repository`
   * @param message for people; says what is wrong and what to do about it
   */
  constructor(code: string, message: string) {
    super(message)
    if (!CODE.test(code) || code.length > 60) throw new TypeError(`"${code}" is no error code: use lower_case_words`)
    this.code = code
  }
}
