/** Folders and files where made-up data and stand-ins are at home. */
const NOT_PRODUCT_FOLDER =
  /(^|\/)(__)?(tests?|specs?|mocks?|fixtures?|examples?|docs?|samples?|demos?|stories|storybook|seeds?|seeders?|factories|benchmarks?|e2e|cypress|testing|test-?utils|stubs?|fakes?|playground|tutorials?|snippets|templates?|scaffolds?|\.storybook)(__)?\//i
const NOT_PRODUCT_FILE =
  /(^|[/._-])(test|tests|spec|stories|story|mock|mocks|fixture|fixtures|e2e|bench|conftest|seed|seeds|stub|stubs|fake|fakes|demo|example|factories|factory_boy)([._-][^/]*)?\.\w+$|\.d\.[mc]?ts$|\.pyi$|\.config\.\w+$|(^|\/)(vitest|jest)[^/]*$/i

const EXTENSION = /\.([mc]?[jt]sx?|py)$/i

/** The ending of a path to product code in a language that is read; undefined for tests, examples, documents and the like. */
export function productLanguage(path: string): string | undefined {
  const extension = EXTENSION.exec(path)?.[1]?.toLowerCase()
  return extension && !NOT_PRODUCT_FOLDER.test(path) && !NOT_PRODUCT_FILE.test(path) ? extension : undefined
}
