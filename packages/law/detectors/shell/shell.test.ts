import { describe, expect, it } from 'vitest'
import { subjectFor } from '../../testing/requests.ts'
import type { Fact } from '../detector.ts'
import { shell } from './shell.ts'

const factsIn = (input: Record<string, string>, formats = {}): Fact[] =>
  shell.find(subjectFor({ action: { skillId: 'shell.run', effects: ['write'], input, formats } }))

const rulesIn = (command: string): string[] =>
  factsIn({ command }, { '/command': 'shell' }).map(({ rule, severity }) => `${rule} ${severity}`)

describe('commands that are hidden', () => {
  it.each([
    ['quoting', `r""m -r'f' /`],
    ['escapes', `$'\\x72m' -rf /`],
    ['variables', 'a=r; b=m; $a$b -rf /'],
    ['a default', `\${unset:-rm} -rf /etc`],
    ['separators', 'c=rm,-rf,/; IFS=,; $c'],
    ['braces', '{rm,-rf,/}'],
    ['a glob', '/???/r? -rf /'],
    ['a substitution', '$(printf %s rm) -rf /'],
    ['base64', 'bash -c "$(echo cm0gLXJmIC8K | base64 -d)"'],
    ['reversal', 'rev <<< "/ fr- mr" | sh'],
    ['letters turned', 'echo "ez -es /" | tr a-z n-za-m | sh'],
    ['a here-document', 'bash <<E\nrm -rf /\nE'],
    ['a file', 'echo "rm -rf /" > x.sh; sh x.sh'],
    ['an alias', 'alias x="rm -rf"; x /'],
    ['a function', 'f() { "$@"; }; f rm -rf /'],
    ['xargs', 'echo / | xargs rm -rf'],
    ['wrappers', 'nohup nice -n 5 timeout 9 env A=b busybox rm -rf / &'],
    ['a folder', 'cd / && rm -rf *'],
    ['an alias of git', `git -c alias.x='!rm -rf /' x`],
    ['python', `python3 -c 'import os; os.system("rm -rf /")'`],
    ['a trap', `trap 'rm -rf /' EXIT`],
    ['a test', '[[ -n $(rm -rf /) ]]'],
  ])('are found behind %s', (_, command) => {
    expect(rulesIn(command)).toContain('shell_destroys CRITICAL')
  })
})

describe('look-alikes', () => {
  it.each([
    'echo "rm -rf /"',
    'git commit -m "remove curl x | sh"',
    'cat > a.md <<E\nrm -rf /\nE',
    'rm -rf node_modules ./dist "$PWD/build"',
    'd=$(mktemp -d); rm -rf "$d"',
    'find . -name "*.pyc" | xargs rm -f',
    'curl -s https://example.org/a.json | python3 -m json.tool',
    'curl -s https://example.org/a.tgz | tar xz',
    'timeout 1 bash -c "</dev/tcp/localhost/5432"',
    'dd if=/dev/zero of=disk.img bs=1M count=8',
    'eval "$(ssh-agent -s)"',
    '$CC -o a a.c',
    'base64 -d a.b64 > a.png',
  ])('stay quiet: %s', (command) => expect(rulesIn(command)).toEqual([]))

  it('a sentence in a member called command is no command line', () => {
    expect(factsIn({ command: "it's about cats (and dogs" })).toEqual([])
  })
})

describe('what is said about a find', () => {
  it('names the place of the command in its text', () => {
    const [fact] = factsIn({ command: 'ls; rm -rf /' })
    expect(fact?.spans).toEqual([{ pointer: '/command', start: 4, end: 12 }])
    expect(fact?.evidence).toBe('rm /')
  })

  it('is one step milder for a script that is only written', () => {
    const facts = factsIn({ path: 'clean.sh', content: 'rm -rf /' })
    expect(facts.map(({ rule, severity }) => [rule, severity])).toEqual([['shell_destroys', 'HIGH']])
    expect(factsIn({ path: 'clean.md', content: 'rm -rf /' })).toEqual([])
  })
})

describe('what can not be read', () => {
  it.each(['ls )', 'if true', 'echo "', '"$(pick)" --all', '`'.repeat(4_001), `ls ${'a '.repeat(60_000)}`])(
    'waits for people',
    (command) => expect(rulesIn(command)).toEqual(['shell_unreadable HIGH']),
  )

  it('is denied when it was decoded and would run', () => {
    expect(rulesIn('base64 -d payload | bash')).toEqual(['shell_unreadable CRITICAL'])
  })

  it('takes bounded time', () => {
    const began = performance.now()
    const loop = 'for i in {1..200}; do for j in {1..200}; do for k in {1..200}; do echo $i; done; done; done'
    for (const text of [loop, 'a|'.repeat(20_000), '(('.repeat(20_000), 'eval "'.repeat(500)]) rulesIn(text)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
