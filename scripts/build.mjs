/**
 * Builds `dist/`: the programs that run in Node and Electron, and the dashboard that runs in the window.
 *
 * Everything for Node and Electron is one CommonJS file per program, for the oldest runtime that may run it (Node 18.15
 * in the stand-in Electron). Why: docs/decisions/0008-one-commonjs-bundle-per-program.md.
 *
 * The version of the app comes into the bundles by `import { version } from '../package.json'`, in tests as well.
 */
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail, step } from './progress.mjs'
import { whenStale } from './stale.mjs'

const root = resolve(import.meta.dirname, '..')

/**
 * Each a file of its own, read at its first `import()`. Within a program's file its text would be held in memory from
 * the start, used or not: these are a third of the server's.
 */
const LATER = [
  ...['@simplewebauthn/server', '@zxcvbn-ts/language-common', 'koa-bodyparser', 'nodemailer', 'otplib', 'pg', 'ws'],
  'yaml',
]

/** @type {Record<string, string>} program in dist → its source */
export const NODE_PROGRAMS = {
  'main/main': 'main/main.ts',
  'main/server-process': 'main/server-process.ts',
  'main/serve': 'main/serve.ts',
  'cli/aurelius': 'main/cli.ts',
  'server/hash-worker': 'server/auth/hash-worker.ts',
  'server/score-worker': 'server/ledger/runs/score-worker.ts',
  ...Object.fromEntries(LATER.map((name) => [laterFile(name), `later:${name}`])),
}
/** @type {Record<string, string>} the window's side of the bridge: it has no Node */
export const PRELOAD = { 'main/preload': 'main/preload.ts' }

// Native modules stay files of their own; the others are drivers that Sequelize and pg name but this project never loads.
const EXTERNAL = [
  'playwright-core',
  ...['electron', 'sqlite3', 'bcrypt', 'keytar'],
  ...['pg-native', 'pg-hstore', 'mysql2', 'mariadb', 'tedious', 'oracledb', 'ibm_db', 'snowflake-sdk', 'odbc'],
]

/**
 * Left out of every bundle because it only costs start-up here: each program reads 1.7 MB less.
 *
 * @type {{ of: string, path: RegExp, instead: string }[]}
 */
const UNUSED_PARTS = [
  // The command line of umzug, with a whole toolkit for such; we run migrations from code.
  { of: 'umzug', path: /^\.\/cli$/, instead: 'module.exports = {}' },
  // Its messages in every language; ours are our own.
  { of: 'zod', path: /^\.\.\/locales\/index\.js$/, instead: 'module.exports = {}' },
  // The rules of all time zones; the database holds UTC alone.
  { of: 'moment-timezone', path: /latest\.json$/, instead: 'module.exports = { zones: [], links: [], countries: [] }' },
]

const SETTINGS = ['package.json', 'package-lock.json', 'scripts/build.mjs']
const SHARED_SOURCES = ['contracts', 'importers', 'server', 'migrations']

/** @param {{ bench?: boolean }} [parts] builds what changed since the last build */
export async function buildStale({ bench = false } = {}) {
  const programs = [...SETTINGS, ...SHARED_SOURCES, 'cli', 'main']
  await whenStale('dist/main/splash.html', programs, () => step('Building the programs', buildPrograms))
  const dashboard = [...SETTINGS, 'contracts', 'importers', 'renderer', 'clients/python/aurelius.py']
  await whenStale('dist/renderer/api-docs', dashboard, () => step('Building the dashboard', buildDashboard))
  if (!bench) return
  await whenStale('dist/bench', [...SETTINGS, ...SHARED_SOURCES, 'bench'], () =>
    step('Building the benchmarks', buildBench),
  )
}

async function buildPrograms() {
  const { build } = await import('esbuild')
  await Promise.all([build(forNode(NODE_PROGRAMS)), build(forPreload(PRELOAD))])
  chmodSync(join(root, 'dist/cli/aurelius.cjs'), 0o755)
  copyMainPages()
}

async function buildBench() {
  const { build } = await import('esbuild')
  const sources = filesIn('bench', ['.ts'])
  await build(forNode(Object.fromEntries(sources.map((file) => [`bench/${basename(file, '.ts')}`, `bench/${file}`]))))
}

async function buildDashboard() {
  const { build } = await import('vite')
  await build({ configFile: join(root, 'renderer', 'vite.config.ts'), logLevel: 'warn' })
  copyApiPage()
}

/** The splash and the page of a failed start are shown by main before any server answers. */
export function copyMainPages() {
  const target = join(root, 'dist', 'main')
  mkdirSync(target, { recursive: true })
  for (const file of filesIn('main', ['.html', '.css'])) copyFileSync(join(root, 'main', file), join(target, file))
}

/**
 * @param {string} folder
 * @param {string[]} endings
 */
function filesIn(folder, endings) {
  return readdirSync(join(root, folder)).filter((file) => endings.includes(extname(file)))
}

/** The server's page at /api/docs works offline, so what it shows comes with the app. */
function copyApiPage() {
  const source = join(root, 'node_modules', 'swagger-ui-dist')
  const target = join(root, 'dist', 'renderer', 'api-docs')
  mkdirSync(target, { recursive: true })
  for (const file of ['swagger-ui-bundle.js', 'swagger-ui.css']) {
    copyFileSync(join(source, file), join(target, file))
  }
}

/**
 * @param {Record<string, string>} programs
 * @returns {import('esbuild').BuildOptions}
 */
export function forNode(programs) {
  return {
    ...bundle(programs),
    platform: 'node',
    target: 'node18.15',
    external: EXTERNAL,
    // An asar cannot serve import() in the stand-in Electron; as a require it stays just as lazy.
    supported: { 'dynamic-import': false },
    minifyWhitespace: true, // a file that is read at every start: a third less of it
    plugins: [withoutUnusedParts, laterInFiles, asAscii],
    define: { 'import.meta.url': 'importMetaUrl' },
    banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  }
}

/** @type {import('esbuild').Plugin} */
const withoutUnusedParts = {
  name: 'without-unused-parts',
  setup(build) {
    for (const { of, path, instead } of UNUSED_PARTS) {
      build.onResolve({ filter: path }, ({ importer }) =>
        importer.includes(join('node_modules', of)) ? { path: of, namespace: 'unused', pluginData: instead } : null,
      )
    }
    build.onLoad({ filter: /.*/, namespace: 'unused' }, ({ pluginData }) => ({ contents: pluginData }))
  },
}

/** @param {string} name of a package */
function laterFile(name) {
  return `later/${name.replace(/\W+/g, '-').replace(/^-/, '')}`
}

/** @type {import('esbuild').Plugin} */
const laterInFiles = {
  name: 'later-in-files',
  setup(build) {
    build.onResolve({ filter: /^later:/ }, ({ path }) => ({ path: path.slice('later:'.length), namespace: 'later' }))
    build.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)})`,
      resolveDir: root,
    }))
    build.onResolve({ filter: /.*/ }, ({ path, kind }) =>
      kind === 'dynamic-import' && LATER.includes(path) ? { path: `../${laterFile(path)}.cjs`, external: true } : null,
    )
  },
}

/**
 * Its rules for letters of every language are written in them, and esbuild leaves regular expressions alone. One letter
 * that is not ASCII makes the engine hold two bytes for each of the file's six million.
 *
 * @type {import('esbuild').Plugin}
 */
const asAscii = {
  name: 'as-ascii',
  setup(build) {
    build.onLoad({ filter: /node_modules[/\\]validator[/\\].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/[^\p{ASCII}]/gu, escaped),
    }))
  },
}

/** @param {string} character of one unit of UTF-16, or two */
function escaped(character) {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'))
  return units.map((unit) => `\\u${unit}`).join('')
}

/**
 * @param {Record<string, string>} programs
 * @returns {import('esbuild').BuildOptions}
 */
export function forPreload(programs) {
  return { ...bundle(programs), platform: 'browser', target: 'chrome114', external: ['electron'] }
}

/**
 * @param {Record<string, string>} programs
 * @returns {import('esbuild').BuildOptions}
 */
function bundle(programs) {
  return {
    absWorkingDir: root,
    entryPoints: Object.entries(programs).map(([out, source]) => ({ in: source, out })),
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    sourcemap: true, // left out of packages by electron-builder.yml
    logLevel: 'warning',
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await step('Building the programs', buildPrograms)
    await step('Building the dashboard', buildDashboard)
  } catch (error) {
    fail(error)
  }
}
