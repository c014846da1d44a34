import type { Unit } from './code.ts'
import { isDouble, isMockSwitch } from './names.ts'

/** Libraries that make up data or stand in for real things; they belong in tests. */
const LIBRARY =
  /^(@faker-js\/faker|faker|chance|casual|msw|nock|sinon|testdouble|jest-mock|axios-mock-adapter|fetch-mock|jest-fetch-mock|vitest-fetch-mock|mock-socket|mockdate|proxyquire|miragejs|json-schema-faker|pg-mem|ioredis-mock|mongodb-memory-server|unittest\.mock|mock|mocker|pytest_mock|mimesis|factory|model_bakery|moto|httpretty|requests_mock|responses|fakeredis|respx|vcr)(\/|\.|$)/
const MOCKING =
  /^(vi|jest|sinon)\.(mock|doMock|fn|spyOn|stub|fake|mocked|hoisted|unstable_mockModule|useFakeTimers|stubGlobal)$|^(mock|mocker)\.patch(\.|$)/

export interface Place {
  what: string
  start: number
}

/** Stand-ins for real things in product code. */
export function doublesIn(unit: Unit): Place[] {
  const imports = unit.imports.flatMap(({ module, names, start }) => {
    const isMock = LIBRARY.test(module) || (module === 'unittest' && names.includes('mock'))
    return isMock ? [{ what: `imports ${module}`, start }] : []
  })
  const calls = unit.calls.flatMap(({ callee, start }) => {
    if (MOCKING.test(callee)) return [{ what: `calls ${callee}`, start }]
    return isDouble(callee) ? [{ what: `uses ${callee}`, start }] : []
  })
  const switches = unit.switches.flatMap(({ name, on, start }) =>
    on && isMockSwitch(name) ? [{ what: `turns on ${name}`, start }] : [],
  )
  return [...imports, ...calls, ...switches]
}
