/**
 * Who may import whom. Each room lists what it may import of ours and which packages and Node modules it may use; all else is
 * an error. The reasons are in build/adr/; a violation of each rule is planted and found in test/tooling/rooms.test.ts.
 */

/** The engine's lower rooms: no model, no training, no host in sight. */
const FOUNDATIONS = ['engine/core', 'engine/compute', 'engine/data', 'engine/factorisation', 'engine/blocks']

/** room → what it may import beside itself. Paths below src-main. */
const ROOMS = {
  contract: [],
  // What a model is given is stated in core (defineModel): the table of ratings and the graph builder are named there.
  'engine/core': ['contract', 'engine/data/interaction-table', 'engine/compute'],
  'engine/compute': ['contract', 'engine/core'],
  'engine/data': ['contract', 'engine/core'],
  'engine/factorisation': ['contract', 'engine/core', 'engine/compute', 'engine/data'],
  'engine/blocks': ['contract', 'engine/core', 'engine/compute', 'engine/data', 'engine/factorisation'],
  'engine/models': ['contract', ...FOUNDATIONS],
  // The loop looks its model up in the catalogue and scores it while it learns.
  'engine/training': [
    'contract',
    ...FOUNDATIONS,
    'engine/models/catalogue.gen',
    'engine/evaluation',
    'engine/live',
    'engine/personas',
    'engine/simulation',
  ],
  'engine/live': ['contract', ...FOUNDATIONS],
  'engine/evaluation': ['contract', ...FOUNDATIONS, 'engine/simulation'],
  'engine/simulation': ['contract', ...FOUNDATIONS],
  // Who watches is made of data alone; who answers for it is for training to say.
  'engine/personas': ['contract', 'engine/core', 'engine/data'],
  storage: ['contract'],
  services: ['contract', 'engine', 'storage'],
  hosts: ['contract', 'services'],
}

/** room → packages it may use. */
const PACKAGES = {
  contract: ['zod', '@orpc/'],
  engine: [],
  storage: ['sqlite3'],
  services: ['yauzl', 'zod', '@orpc/contract', '@tensorflow/', 'webgpu'],
}

/** Node's modules that storage may use: files, paths, digests; it starts no process and opens no socket. */
const STORAGE_NODE = ['fs', 'fs/promises', 'path', 'crypto', 'os', 'util', 'timers/promises', 'process']

const escape = (text) => text.replaceAll('/', '\\/').replaceAll('.', '\\.')
const room = (name) => `^src-main\\/${escape(name)}(\\/|\\.|$)`

const rooms = Object.entries(ROOMS).map(([name, allowed]) => ({
  name: `room-${name.replace('/', '-')}`,
  comment: `${name} may import ${allowed.length > 0 ? allowed.join(', ') : 'nothing of ours'}.`,
  severity: 'error',
  from: { path: room(name) },
  to: { path: '^(src-main|src-renderer)\\/', pathNot: [name, ...allowed].map(room) },
}))

const packages = Object.entries(PACKAGES).map(([name, allowed]) => ({
  name: `packages-${name}`,
  comment: `${name} may use ${allowed.length > 0 ? allowed.join(', ') : 'no package'}.`,
  severity: 'error',
  from: { path: room(name) },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
    ...(allowed.length > 0 && { pathNot: allowed.map((name) => `(^|node_modules\\/)${escape(name)}`) }),
  },
}))

/** Layers of the renderer: each may import only those named. */
const LAYERS = {
  charts: ['charts', 'composables'],
  client: ['client'],
  stores: ['stores', 'client', 'composables'],
  composables: ['composables', 'stores', 'charts'],
  components: ['components', 'charts', 'composables', 'stores'],
  views: ['views', 'components', 'charts', 'composables', 'stores'],
}

const layers = Object.entries(LAYERS).map(([name, allowed]) => ({
  name: `renderer-${name}`,
  comment: `${name} may import ${allowed.join(', ')} and the contract: views → stores → client, and charts only draw.`,
  severity: 'error',
  from: { path: `^src-renderer\\/${name}\\/` },
  to: { path: '^src-renderer\\/', pathNot: allowed.map((layer) => `^src-renderer\\/${layer}\\/`) },
}))

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...rooms,
    ...packages,
    ...layers,
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one thing, or need a third that both use.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-unresolvable',
      comment: 'The file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(#build/|virtual:)' },
    },
    {
      name: 'model-knows-no-model',
      comment:
        'A model is one file that can be added and deleted alone. What two share belongs in engine/blocks or a file with a leading underscore.',
      severity: 'error',
      from: { path: '^src-main\\/engine\\/models\\/', pathNot: 'catalogue\\.gen\\.ts$' },
      to: { path: '^src-main\\/engine\\/models\\/', pathNot: '^src-main\\/engine\\/models\\/(_[^/]+|[^/]+\\/.+)$' },
    },
    {
      name: 'pure-without-node',
      comment: 'Contract and engine also run in a browser.',
      severity: 'error',
      from: { path: '^src-main\\/(contract|engine)\\/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'storage-node-modules',
      comment: `storage may use of Node: ${STORAGE_NODE.join(', ')}.`,
      severity: 'error',
      from: { path: '^src-main\\/storage\\/' },
      to: { dependencyTypes: ['core'], pathNot: STORAGE_NODE.map((name) => `^(node:)?${escape(name)}$`) },
    },
    {
      name: 'electron-only-in-its-host',
      comment: 'Everything else runs without Electron, in the tests too.',
      severity: 'error',
      from: { path: '^(src-main|src-renderer)\\/', pathNot: '^src-main\\/hosts\\/electron\\/' },
      to: { path: '(^|node_modules\\/)electron($|\\/)' },
    },
    {
      name: 'sqlite-only-in-storage',
      comment: 'A second way into the database file would bypass its lock and its checks.',
      severity: 'error',
      from: { path: '^(src-main|src-renderer)\\/', pathNot: '^src-main\\/storage\\/' },
      to: { path: '(^|node_modules\\/)sqlite3($|\\/)' },
    },
    {
      name: 'renderer-knows-only-the-contract',
      comment: 'The renderer talks to the engine through the contract, in the browser as in Electron.',
      severity: 'error',
      from: { path: '^src-renderer\\/' },
      to: { path: '^src-main\\/', pathNot: '^src-main\\/contract\\/' },
    },
    {
      name: 'renderer-without-node',
      comment: 'The renderer is sandboxed.',
      severity: 'error',
      from: { path: '^src-renderer\\/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-dev-packages',
      comment: 'What the program uses when it runs on Node belongs in dependencies. (Electron comes with the packaged program.)',
      severity: 'error',
      from: { path: '^src-main\\/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|node_modules\\/)electron($|\\/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.mjs', '.js', '.vue', '.json', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
