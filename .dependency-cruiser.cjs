// The house rules as a machine reads them. Each comment is what a newcomer reads beside the violation.
const { floors } = require('./services/floors.json')

const anyOf = (names) => `^services/(${names.join('|')})/`

// One owner for each dangerous thing. Everybody else asks the owner.
const hands = [
  {
    thing: 'process',
    module: '^(node:)?(child_process|worker_threads|vm|cluster)$',
    // A backtest judges in a thread, so that it takes no time from the gate and its law leaves nothing behind.
    // The constitution's gate reads the earlier version of the law from git.
    owner:
      '^services/(execution|constitution/backtest)/|^apps/server/|^apps/cli/(launch|doctor)/|^apps/cli/commands/constitution/git\\.ts$',
  },
  { thing: 'database', module: '^packages/base/db/', owner: '^packages/base/db/|^apps/server/|^services/[^/]+/' },
  { thing: 'database-driver', module: '(^|/)node_modules/pg/', owner: '^packages/base/db/|^apps/server/' },
  { thing: 'law', module: 'node_modules/@cedar-policy/', owner: '^packages/law/|^services/identity/' },
  {
    thing: 'model-vendor',
    module: 'node_modules/(openai|@anthropic-ai|@google/genai|ai|@ai-sdk)/',
    owner: '^services/models/',
  },
]

module.exports = {
  forbidden: [
    {
      name: 'use-the-door',
      comment: 'Another service is reached only through its index.ts.',
      severity: 'error',
      from: { path: '^(services|apps|tests|bench)/([^/]+)' },
      to: { path: '^services/[^/]+/.+', pathNot: ['^$1/$2/', '^services/[^/]+/index\\.ts$'] },
    },
    ...floors.map((names, floor) => ({
      name: `floor-${floor}-looks-down-only`,
      comment:
        'Call only lower floors. Neighbours meet through a port wired in apps/server; upper floors listen to entries.',
      severity: 'error',
      from: { path: anyOf(names) },
      to: { path: anyOf(floors.slice(floor).flat()), pathNot: '^services/$1/' },
    })),
    {
      name: 'every-service-has-a-floor',
      comment: 'Place the new service in services/floors.json.',
      severity: 'error',
      from: { path: '^services/[^/]+/', pathNot: anyOf(floors.flat()) },
      to: {},
    },
    ...hands.map(({ thing, module, owner }) => ({
      name: `one-hand-on-the-${thing}`,
      comment: `Only ${owner} may touch this.`,
      severity: 'error',
      from: { path: '^(packages|services|apps)/', pathNot: [owner, '\\.test\\.ts$', '/testing/'] },
      to: { path: module },
    })),
    {
      name: 'sql-lives-in-the-store',
      comment: 'Only store/ and the composing function of a room may take hold of the database.',
      severity: 'error',
      from: { path: '^services/[^/]+/.+/', pathNot: ['^services/[^/]+/store/', '\\.test\\.ts$'] },
      to: { path: '^packages/base/db/' },
    },
    {
      name: 'clients-speak-the-contract',
      comment: 'Console, CLI and SDK have no private path into the server.',
      severity: 'error',
      from: { path: '^(apps/(console|cli|vscode)|packages/sdk)/' },
      to: { path: '^(packages/base|services|apps/server)/' },
    },
    {
      name: 'catalog-speaks-the-sdk',
      comment: 'Skills and agents run in a sandbox that holds nothing but the SDK.',
      severity: 'error',
      from: { path: '^catalog/' },
      to: { path: '^(packages/(base|proof)|services|apps)/' },
    },
    {
      name: 'base-knows-no-business',
      comment: 'If it needs a business word, it belongs to a service.',
      severity: 'error',
      from: { path: '^packages/base/' },
      to: { path: '^(packages/(contracts|sdk|proof)|services|apps)/' },
    },
    {
      name: 'contracts-are-pure',
      comment: 'Contracts are data: they import nothing but the schema library.',
      severity: 'error',
      from: { path: '^packages/contracts/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^packages/contracts/|node_modules/zod/' },
    },
    {
      name: 'proof-stands-alone',
      comment: 'A verifier has to run anywhere: it knows the contracts and nothing else of ours.',
      severity: 'error',
      from: { path: '^packages/(proof|audit)/' },
      to: { path: '^(packages/(base|sdk)|services|apps)/' },
    },
    {
      name: 'checking-runs-in-a-browser',
      comment: 'What checks takes its primitives from #crypto; only what makes keys and signs may know Node.',
      severity: 'error',
      from: {
        path: '^packages/proof/',
        pathNot: '^packages/proof/(index|signing|private-key|crypto/node)\\.ts$|\\.test\\.ts$|/testing/',
      },
      to: { path: '^(node:.*|crypto|fs|buffer|util|path|os)$|^packages/proof/(index|signing|private-key)\\.ts$' },
    },
    {
      name: 'witness-stands-apart',
      comment:
        'The witness is the program of another party, who has to read all of it: proof, contracts and base only.',
      severity: 'error',
      from: { path: '^apps/witness/' },
      to: { path: '^(packages/(sdk|law|base/db)|services|apps/(?!witness/))' },
    },
    {
      name: 'evidence-is-checked-anywhere',
      comment: 'The verifier of evidence runs in a browser and as a single file: it reads, and knows no machine.',
      severity: 'error',
      from: { path: '^packages/evidence/', pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^(packages/sdk|services|apps)/|^packages/base/(?!(strict-json|json-reader|errors)\\.ts)|^packages/law/(?!(law/digest|facts/scope)\\.ts)|^(node:.*|crypto|fs|buffer|util|path|os)$',
      },
    },
    {
      name: 'law-judges-without-a-server',
      comment: 'The law has to be tried anywhere, by anybody: it knows contracts, base and proof.',
      severity: 'error',
      from: { path: '^packages/law/' },
      to: { path: '^(packages/(sdk|base/db)|services|apps)/' },
    },
    {
      name: 'nothing-imports-a-test',
      comment: 'Move what both need out of the test.',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|^tests/|/testing/' },
      to: { path: '\\.test\\.ts$|^tests/|/testing/' },
    },
    {
      name: 'nothing-unresolved',
      comment:
        'A locked door (package exports), an undeclared friend (package.json) or a typo. What the peers need is installed by whoever measures them.',
      severity: 'error',
      from: { pathNot: '^bench/peers/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      comment: 'Type imports count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Peers bring an install of their own.
    exclude: { path: '^(tests/fixtures|bench/peers)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
}
