import { describe, expect, it } from 'vitest'
import { subjectFor } from '../../testing/requests.ts'
import { mockCode } from './mock.ts'

const find = (path: string, content: string) =>
  mockCode.find(subjectFor({ action: { input: { path, content }, effects: ['write'] } }))

describe('code that pretends', () => {
  it.each([
    ['a.ts', 'export const getPrice = async (id: string) => Promise.resolve({ cents: 100 })'],
    ['a.ts', 'const users = [{ id: 1 }]\nexport function fetchUsers(team: string) { return users }'],
    ['a.js', 'export function loadPlan(id) { return new Promise((done) => setTimeout(() => done({ id: 1 }), 500)) }'],
    ['a.ts', 'export async function fetchUser(id: string) { return { id, name: "Alice", role: "admin" } }'],
    ['a.ts', 'function verifySignature(text, key) { return true }'],
    ['a.ts', 'class A { save(x) { throw new Error("Method not implemented.") } }'],
    ['a.js', 'const accuracy = (model) => Math.random() * 100'],
    ['a.js', 'jest.mock("./client")'],
    ['a.py', 'def send_mail(to, text):\n    """Send it."""\n    # TODO: implement\n'],
    [
      'a.py',
      'import time\n\ndef process_order(order):\n    print("working", order)\n    time.sleep(2)\n    return {"status": "ok"}\n',
    ],
    ['a.py', 'USE_MOCK = True\n'],
    [
      'a.py',
      'def pay(order):\n    try:\n        return gateway.pay(order)\n    except Exception:\n        return {"success": True}\n',
    ],
  ])('%s: %j', (path, content) => expect(find(path, content)).toMatchObject([{ rule: 'placeholder_code' }]))

  it('is named with its place', () => {
    const content = 'const a = 1\nexport async function getBalance(id) {\n  return 42\n}\n'
    expect(find('src/a.js', content)).toMatchObject([
      { evidence: 'getBalance returns a constant', spans: [{ pointer: '/content', start: 19, end: 64 }] },
    ])
  })
})

describe('code that does what it says', () => {
  it.each([
    ['a.ts', 'export const hammock = () => ({ mockup: stubborn(1) })'],
    ['a.ts', 'export abstract class A { abstract load(id: string): number }'],
    ['a.ts', 'export interface A { load(id: string): number }\ndeclare function get(x: string): number'],
    ['a.ts', 'export const kind = () => "tree"\nexport const getDefaultOptions = () => ({ retries: 3 })'],
    ['a.ts', 'class A { get size() { return 3 }\n  onClose() {}\n  constructor(readonly x: number) {} }'],
    ['a.js', 'export function codeFor(name) { if (name === "a") return 1\n return 2 }'],
    [
      'a.js',
      'const requestId = () => Math.random().toString(36)\nconst shuffle = (list) => list.sort(() => Math.random() - 0.5)',
    ],
    ['a.py', 'class Store(ABC):\n    @abstractmethod\n    def load(self, key):\n        raise NotImplementedError\n'],
    [
      'a.py',
      'class Store:\n    def load(self, key):\n        raise NotImplementedError\n\nclass Files(Store):\n    pass\n',
    ],
    ['a.test.ts', 'vi.mock("./client")\nasync function fetchUser(id) { return { id: 1 } }'],
    ['docs/a.ts', 'async function fetchUser(id) { return { id: 1 } }'],
    ['a.md', 'async function fetchUser(id) { return { id: 1 } }'],
    ['a.ts', 'this is { no code at all ((('],
  ])('%s: %j', (path, content) => expect(find(path, content)).toEqual([]))
})

describe('code that is made to be hard to read', () => {
  it('is reported', () => {
    expect(find('a.js', `x = ${'['.repeat(100_000)}`)).toHaveLength(1)
    expect(find('a.js', 'x\n'.repeat(300_000))).toHaveLength(1)
  })
})
