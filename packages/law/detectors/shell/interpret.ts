import { type CompoundList, forEachChild, type ParsedScript, parse, type Statement, type SyntaxNode } from 'unbash'
import type { Command } from './command.ts'
import { type Context, type Extras, HOLE, isTooDeep, type Machine, type Problem, subshell, within } from './machine.ts'
import { setPositional } from './positional.ts'
import { runProgram } from './programs.ts'
import { sourcesOfVariables } from './provenance.ts'
import { commandOf } from './record.ts'
import { type Redirected, reading, readRedirections, redirect } from './redirections.ts'
import { fieldsOf, readable, valueFor } from './words.ts'

type Node = Statement['command'] | CompoundList | Statement
type Of<Type> = Extract<SyntaxNode, { type: Type }>
type Loop = Of<'While' | 'For' | 'Select' | 'ArithmeticFor'>

const EMPTY: ParsedScript = { type: 'Script', pos: 0, end: 0, shebang: undefined, commands: [] }

const MAX_COMMANDS = 1_500
/** A longer value of a variable is not followed: it could be copied without end. */
const MAX_VALUE = 10_000
const MAX_OUTPUT = 100_000
const MAX_ROUNDS = 16

/** Goes through the commands of texts as a shell would, without running anything; what can't be known becomes a hole. */
export class Interpreter implements Machine {
  readonly commands: Command[] = []
  readonly problems: Problem[] = []
  #steps = 0

  runText(text: string, context: Context): string {
    return this.#tooLarge(context) ? HOLE : this.runScript(parse(readable(text)), context)
  }

  runScript(script: ParsedScript, context: Context): string {
    const [error] = script.errors ?? []
    if (error) this.problems.push({ kind: 'syntax', detail: error.message, origin: context.origin })
    // Positions in a script of its own source are none in the document.
    return this.#all(script.commands, script.source === undefined ? context : within(context))
  }

  runWords(words: readonly string[], context: Context): string {
    if (words.length === 0 || this.#tooLarge(context)) return ''
    return this.#perform(words, context, { redirections: [], input: undefined, from: [] })
  }

  #tooLarge(context: Context): boolean {
    this.#steps += 1
    if (this.#steps <= MAX_COMMANDS && !isTooDeep(context)) return false
    if (!this.problems.some(({ kind }) => kind === 'too-large')) {
      this.problems.push({ kind: 'too-large', detail: 'more commands than can be followed', origin: context.origin })
    }
    return true
  }

  #all(nodes: readonly Node[], context: Context): string {
    let output = ''
    for (const node of nodes) output += this.#run(node, context)
    return output.length > MAX_OUTPUT ? HOLE : output
  }

  #run(node: Node, context: Context): string {
    switch (node.type) {
      case 'Statement':
        return this.#run(node.command, node.background ? subshell(context, { background: true }) : context)
      case 'Command':
        return this.#simple(node, context)
      case 'Pipeline':
        return this.#pipeline(node.commands, context)
      case 'AndOr':
      case 'CompoundList':
        return this.#all(node.commands, context)
      case 'BraceGroup':
        return this.#run(node.body, context)
      case 'Subshell':
        return this.#run(node.body, subshell(context))
      case 'Coproc':
        return this.#run(node.body, subshell(context, { background: true }))
      case 'If':
        return this.#branches(node, context)
      case 'Case':
        return node.items.map(({ body }) => this.#run(body, context)).join('')
      case 'While':
      case 'For':
      case 'Select':
      case 'ArithmeticFor':
        return this.#loop(node, context)
      case 'Redirected':
        return this.#redirected(node, context)
      case 'Function':
        context.functions.set(node.name.value, (inner) => this.#run(node.body, inner))
        return ''
      default:
        this.#expand(node, context)
        return ''
    }
  }

  /** Expands what stands in tests and arithmetic, where substitutions run too. */
  #expand(node: SyntaxNode, context: Context): void {
    if (node.type === 'Word') valueFor(node, this, context)
    else if (node.type === 'ArithmeticCommandExpansion') this.runScript(node.script ?? EMPTY, context)
    else forEachChild(node, (child) => this.#expand(child, context))
  }

  /** Every branch might be taken. */
  #branches(node: Of<'If'>, context: Context): string {
    this.#run(node.clause, context)
    let output = this.#run(node.then, context)
    for (const { clause, then } of node.elif) {
      this.#run(clause, context)
      output += this.#run(then, context)
    }
    return node.else ? output + this.#run(node.else, context) : output
  }

  #pipeline(nodes: readonly Node[], context: Context): string {
    let { input, from } = context
    for (const node of nodes) {
      const before = this.commands.length
      input = this.#run(node, subshell(context, { input, from }))
      from = this.commands.slice(before)
    }
    return input ?? ''
  }

  #loop(node: Loop, context: Context): string {
    if (node.type === 'While') return this.#while(node, context)
    if (node.type === 'ArithmeticFor') {
      return this.#run(node.body, { ...context, endless: context.endless || node.test === undefined })
    }
    const values = node.wordlist?.flatMap((word) => fieldsOf(word, this, context)) ?? [HOLE]
    const rounds = values.length <= MAX_ROUNDS ? values : [HOLE, ...values.slice(0, MAX_ROUNDS)]
    let output = ''
    for (const value of rounds) {
      context.variables.set(node.name.value, [value])
      output += this.#run(node.body, context)
    }
    return output
  }

  /** One round for each line of input, which `read` takes one of. */
  #while(node: Of<'While'>, context: Context): string {
    const endless = context.endless || isEndless(node)
    const lines = (context.input ?? '').split('\n').filter((line) => line !== '')
    const rounds = lines.length === 0 || lines.length > MAX_ROUNDS ? [context.input] : lines
    let output = ''
    for (const input of rounds) {
      const inner = { ...context, input, endless }
      output += this.#run(node.clause, inner) + this.#run(node.body, inner)
    }
    return output
  }

  #redirected(node: Of<'Redirected'>, context: Context): string {
    const known = readRedirections(node.redirects, this, context)
    const inner = reading(context, known)
    if (known.redirections.length > 0) this.#emit([':'], inner, {})
    const before = this.commands.length
    const output = this.#run(node.command, inner)
    if (node.command.type !== 'Subshell') context.cwd = inner.cwd
    return redirect(output, known, this.commands.slice(before), context)
  }

  #simple(node: Of<'Command'>, context: Context): string {
    if (this.#tooLarge(context)) return HOLE
    if (!context.placed) context.origin = { ...context.origin, span: { start: node.pos, end: node.end } }
    const before = { commands: this.commands.length, variables: new Map<string, readonly string[] | undefined>() }
    const assignments: string[] = []
    for (const part of node.prefix) {
      if (part.type !== 'Assignment') continue
      before.variables.set(part.name, context.variables.get(part.name))
      assignments.push(`${part.name}=${this.#assign(part, context)}`)
    }
    const words = node.name ? fieldsOf(node.name, this, context) : []
    for (const argument of node.args) {
      if (argument.type === 'Word') words.push(...fieldsOf(argument, this, context))
      else words.push(`${argument.name}=${this.#assign(argument, context)}`)
    }
    const known = readRedirections(node.redirects, this, context)
    const feeds = [...this.commands.slice(before.commands), ...sourcesOfVariables(node, words, known, context)]
    const extras = { ...known, assignments, feeds }
    if (words.length > 0) {
      const output = this.#perform(words, context, extras)
      for (const [name, value] of before.variables) restore(context.variables, name, value)
      return output
    }
    if (known.redirections.length + assignments.length > 0) this.#emit([':'], reading(context, known), extras)
    return redirect('', known, [], context)
  }

  #assign(part: Of<'Assignment'>, context: Context): string {
    const { name, value } = part
    const own = part.append ? (context.variables.get(name) ?? []) : []
    if (value.type === 'ArrayValue') {
      const elements = value.elements.flatMap((word) => fieldsOf(word, this, context))
      context.variables.set(name, [...own, ...elements])
      return HOLE
    }
    const before = this.commands.length
    const text = own.join(' ') + valueFor(value, this, context)
    context.variables.set(name, [text.length > MAX_VALUE ? HOLE : text])
    if (this.commands.length > before) context.sources.set(name, this.commands.slice(before))
    return text
  }

  #perform(words: readonly string[], context: Context, known: Redirected & Extras): string {
    const before = this.commands.length
    const inner = reading(context, known)
    const output = this.#call(words, inner, known) ?? runProgram(this.#emit(words, inner, known), inner, this)
    context.cwd = inner.cwd
    return redirect(output, known, this.commands.slice(before), context)
  }

  /** Runs a function or an alias; undefined when the name is neither. */
  #call(words: readonly string[], context: Context, extras: Extras): string | undefined {
    const [name = '', ...args] = words
    const alias = context.aliases.get(name)
    const active = [...context.active, name]
    if (alias !== undefined && !context.active.includes(name)) {
      return this.runText([alias, ...args.map(quoted)].join(' '), within(context, { active }))
    }
    const body = context.functions.get(name)
    if (!body) return undefined
    if (context.active.includes(name)) {
      this.#emit(words, context, extras)
      return HOLE
    }
    const variables = new Map(context.variables)
    setPositional(variables, args)
    return body(within(context, { variables, active }))
  }

  #emit(words: readonly string[], context: Context, extras: Extras): Command {
    const command = commandOf(words, context, extras)
    this.commands.push(command)
    return command
  }
}

function restore(variables: Context['variables'], name: string, value: readonly string[] | undefined): void {
  if (value) variables.set(name, value)
  else variables.delete(name)
}

function isEndless({ clause, kind }: Of<'While'>): boolean {
  const first = clause.commands.at(-1)?.command
  if (first?.type === 'ArithmeticCommand') return /^\s*1\s*$/.test(first.body)
  if (first?.type !== 'Command') return false
  const text = [first.name, ...first.args].map((word) => word?.text).join(' ')
  return kind === 'while' ? /^(?:true|:|\[ 1 \]|sleep .*)$/.test(text) : text === 'false'
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`
