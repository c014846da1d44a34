const BY_EXTENSION: Readonly<Record<string, string>> = {
  astro: 'Astro',
  bash: 'Shell',
  c: 'C',
  cc: 'C++',
  cjs: 'JavaScript',
  clj: 'Clojure',
  cpp: 'C++',
  cs: 'C#',
  css: 'CSS',
  cts: 'TypeScript',
  cxx: 'C++',
  dart: 'Dart',
  elm: 'Elm',
  erl: 'Erlang',
  ex: 'Elixir',
  exs: 'Elixir',
  fs: 'F#',
  go: 'Go',
  gradle: 'Groovy',
  groovy: 'Groovy',
  h: 'C',
  hpp: 'C++',
  hs: 'Haskell',
  htm: 'HTML',
  html: 'HTML',
  java: 'Java',
  jl: 'Julia',
  js: 'JavaScript',
  jsx: 'JavaScript',
  kt: 'Kotlin',
  kts: 'Kotlin',
  less: 'Less',
  lua: 'Lua',
  m: 'Objective-C',
  md: 'Markdown',
  mdx: 'Markdown',
  mjs: 'JavaScript',
  ml: 'OCaml',
  mm: 'Objective-C++',
  mts: 'TypeScript',
  nim: 'Nim',
  nix: 'Nix',
  php: 'PHP',
  pl: 'Perl',
  pm: 'Perl',
  proto: 'Protocol Buffers',
  ps1: 'PowerShell',
  py: 'Python',
  pyi: 'Python',
  pyx: 'Cython',
  r: 'R',
  rb: 'Ruby',
  rs: 'Rust',
  rst: 'reStructuredText',
  sass: 'Sass',
  scala: 'Scala',
  scss: 'SCSS',
  sh: 'Shell',
  sol: 'Solidity',
  sql: 'SQL',
  svelte: 'Svelte',
  swift: 'Swift',
  tcl: 'Tcl',
  tf: 'Terraform',
  ts: 'TypeScript',
  tsx: 'TypeScript',
  vue: 'Vue',
  zig: 'Zig',
  zsh: 'Shell',
}

const BY_NAME: Readonly<Record<string, string>> = {
  CMakeLists_txt: 'CMake',
  Dockerfile: 'Dockerfile',
  Gemfile: 'Ruby',
  Makefile: 'Makefile',
  Rakefile: 'Ruby',
}

/** Written for people: counted, and shown after the languages of programs. */
const PROSE = new Set(['Markdown', 'reStructuredText'])

export interface LanguageShare {
  name: string
  files: number
  bytes: number
  /** Part of all bytes whose language is known, 0 to 1 with three decimals. */
  share: number
}

const own = (table: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

function languageOf(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1)
  const named = own(BY_NAME, name.replaceAll('.', '_'))
  if (named !== undefined) return named
  const dot = name.lastIndexOf('.')
  return dot < 1 ? undefined : own(BY_EXTENSION, name.slice(dot + 1).toLowerCase())
}

/** Languages by bytes, the largest first. */
export function countLanguages(files: ReadonlyArray<{ path: string; bytes: number }>): LanguageShare[] {
  const totals = new Map<string, { files: number; bytes: number }>()
  let all = 0
  for (const file of files) {
    const language = languageOf(file.path)
    if (language === undefined) continue
    const total = totals.get(language) ?? { files: 0, bytes: 0 }
    totals.set(language, { files: total.files + 1, bytes: total.bytes + file.bytes })
    all += file.bytes
  }
  const rank = (name: string): number => (PROSE.has(name) ? 1 : 0)
  return [...totals]
    .map(([name, total]) => ({ name, ...total, share: all === 0 ? 0 : Math.round((total.bytes / all) * 1000) / 1000 }))
    .sort((a, b) => rank(a.name) - rank(b.name) || b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
}
