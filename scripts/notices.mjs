import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { forNode, forPreload, NODE_PROGRAMS, PRELOAD } from './build.mjs'

const root = resolve(import.meta.dirname, '..')

/** What the package carries besides its bundles: native modules with what loads them, a font, the page of the API. */
const ALSO_SHIPPED = [
  ...['sqlite3', 'bcrypt', 'keytar', 'bindings', 'file-uri-to-path', 'node-gyp-build'],
  ...['@fontsource-variable/inter', 'swagger-ui-dist'],
]
const PACKAGE = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//
const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i
const RULE = '='.repeat(80)

/**
 * Writes the names and licences of everything from elsewhere that a package of the app carries, as those licences ask.
 *
 * @param {string} file
 */
export async function writeNotices(file) {
  const folders = new Set(ALSO_SHIPPED.map((name) => join(root, 'node_modules', name)))
  for (const module of [...(await modulesOfPrograms()), ...(await modulesOfDashboard())]) {
    const folder = PACKAGE.exec(module)?.[1]
    if (folder) folders.add(folder)
  }
  /** @type {Map<string, Set<string>>} */
  const packagesByText = new Map()
  for (const folder of folders) {
    const { title, text } = noticeOf(folder)
    packagesByText.set(text, (packagesByText.get(text) ?? new Set()).add(title))
  }
  const notices = [...packagesByText].map(([text, titles]) => `${[...titles].sort().join('\n')}\n\n${text}\n`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, ['Software by others that is part of Aurelius.\n', ...notices.sort()].join(`\n${RULE}\n\n`))
}

async function modulesOfPrograms() {
  const { build } = await import('esbuild')
  const built = await Promise.all(
    [forNode(NODE_PROGRAMS), forPreload(PRELOAD)].map((options) => build({ ...options, write: false, metafile: true })),
  )
  return built.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})).map((input) => resolve(root, input))
}

async function modulesOfDashboard() {
  const { build } = await import('vite')
  /** @type {Set<string>} */
  const modules = new Set()
  await build({
    configFile: join(root, 'renderer', 'vite.config.ts'),
    logLevel: 'warn',
    build: { write: false },
    plugins: [{ name: 'modules', moduleParsed: ({ id }) => void modules.add(id.replace(/^\0+|\?.*$/g, '')) }],
  })
  return modules
}

/** @param {string} folder of a package */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const by = typeof author === 'string' ? author : (author?.name ?? 'its authors')
  return {
    title: `${name} ${version}, ${license ?? 'under the licence below'}`,
    text: texts.length > 0 ? texts.join('\n\n') : `By ${by}, under the licence named above.`,
  }
}
