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

describe('code that says by an error that it is not there yet', () => {
  it.each([
    [
      'a.py',
      'class S:\n    def up(self, n):\n        raise NotImplementedError("up")\n    def down(self, n):\n        return self.b.get(n)\n',
    ],
    [
      'a.py',
      'def export(pages):\n    if not pages:\n        raise ValueError("none")\n    raise NotImplementedError(f"{pages} come later")\n',
    ],
    ['a.py', 'WHY = "not " "imple" "mented"\ndef export(pages):\n    raise RuntimeError(WHY)\n'],
    ['a.py', 'def export(pages):\n    assert False, "not implemented"\n'],
    ['a.py', 'def export(pages):\n    return NotImplemented\n'],
    [
      'a.ts',
      'export function push(c: X[]): number {\n  const a = ["not", "implemented"]\n  throw new Error(a.join(" "))\n}',
    ],
    ['a.ts', 'export function push(c) {\n  throw new Error(atob("bm90IGltcGxlbWVudGVkIHlldA=="))\n}'],
    ['a.ts', 'const push = (c) => new Promise((_, reject) => reject(new Error("not implemented")))'],
    ['a.js', 'function push(c, callback) { callback(new Error("not implemented yet")) }'],
    ['a.ts', 'export function push(c) { throw new Error("noch nicht implementiert") }'],
  ])('%s: %j', (path, content) =>
    expect(find(path, content)[0]?.evidence).toContain('only throws that it is not implemented'),
  )
})

describe('work that is played', () => {
  it.each([
    ['a.js', 'function scanFile(file, cb) { setTimeout(() => cb(null, { infected: false }), 500) }'],
    ['a.js', 'const scanFile = (file) => sleep(900).then(() => ({ infected: false }))'],
    ['a.js', 'async function scanFile(file) { return setTimeout(900, { infected: false }) }'],
    [
      'a.js',
      'async function scanFile(file, onProgress) {\n  for (let i = 0; i <= 100; i += 10) { await sleep(50); onProgress(i) }\n  return { infected: false }\n}',
    ],
    [
      'a.js',
      'function scanFile(file, { onProgress }) {\n  return new Promise((resolve) => {\n    let p = 0\n    const t = setInterval(() => { p += 10; onProgress(p); if (p > 99) { clearInterval(t); resolve({ ok: true }) } }, 9)\n  })\n}',
    ],
    [
      'a.py',
      'import time\ndef scan_file(path, on_progress):\n    for step in range(10):\n        time.sleep(0.1)\n        on_progress(step * 10)\n    return {"infected": False}\n',
    ],
    [
      'a.py',
      'class L:\n    def total(self):\n        return sum(self.e)\n    def reconcile(self, s: list[str]) -> list[str]:\n        """The entries that are missing."""\n        ...\n',
    ],
    ['a.py', 'def load_rates(day: str) -> dict:\n    """Load the rates of a day."""\n'],
  ])('%s: %j', (path, content) => expect(find(path, content)).toMatchObject([{ rule: 'placeholder_code' }]))
})

describe('failures that nobody hears of', () => {
  it.each([
    [
      'a.py',
      'def send(to):\n    try:\n        smtp.send(to)\n    except Exception:\n        pass\n    return {"status": "sent"}\n',
    ],
    [
      'a.py',
      'def send(to):\n    try:\n        smtp.send(to)\n        return True\n    except Exception:\n        return True\n',
    ],
    [
      'a.py',
      'def send(to):\n    with contextlib.suppress(Exception):\n        smtp.send(to)\n    return {"sent": True}\n',
    ],
    ['a.py', 'def send(to):\n    try:\n        smtp.send(to)\n    finally:\n        return {"sent": True}\n'],
    [
      'a.py',
      'def send(to):\n    answer = {"status": "sent"}\n    try:\n        smtp.send(to)\n    except IOError:\n        return answer\n    return answer\n',
    ],
    ['a.ts', 'const send = async (to) => client.post("/mail", to).catch(() => ({ ok: true }))'],
    [
      'a.ts',
      'async function send(to) {\n  await client.post("/mail", to).catch(() => {})\n  return { ok: true, error: null }\n}',
    ],
  ])('%s: %j', (path, content) => expect(find(path, content)[0]?.evidence).toContain('reports success where it failed'))
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
    [
      'a.py',
      'def make(p):\n    try:\n        os.mkdir(p)\n    except FileExistsError:\n        return {"ok": True}\n    return {"ok": True}\n',
    ],
    [
      'a.ts',
      'async function save(u) {\n  await db.save(u)\n  await cache.del(u.id).catch(() => {})\n  return { ok: true }\n}',
    ],
    [
      'a.ts',
      'async function remove(p) {\n  try { await unlink(p) } catch (e) { if (e.code === "ENOENT") return { ok: true }\n throw e }\n  return { ok: true }\n}',
    ],
    ['a.py', 'def open_pty():\n    raise NotImplementedError("pty is not available on Windows")\n'],
    [
      'a.py',
      'class P:\n    def process(self, item):\n        """Hook, called for each item."""\n    def run(self, items):\n        return [self.process(i) for i in items]\n',
    ],
    ['a.py', 'def find_all(tree):\n    for node in tree:\n        yield node\n'],
    ['a.py', 'def check_args(a):\n    assert isinstance(a, int)\n'],
    [
      'a.js',
      'function poll(url, onProgress) { const t = setInterval(async () => onProgress(await fetch(url)), 500)\n return () => clearInterval(t) }',
    ],
    ['a.js', 'function schedule(callback) { setTimeout(callback, 0) }'],
    [
      'a.ts',
      'function parse(kind) { switch (kind) { case "a": return 1\n default: throw new Error("not implemented: " + kind) } }',
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
