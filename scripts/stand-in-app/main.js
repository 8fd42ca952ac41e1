// What `electron [-r module] <folder> [arguments]` does in Electron's own default app, as far as this project uses it.
const { app } = require('electron')
const { existsSync, readFileSync } = require('node:fs')
const Module = require('node:module')
const { join, resolve } = require('node:path')

const { preloads, folder } = readCommandLine(process.argv.slice(1))
process.defaultApp = true
for (const preload of preloads) Module._load(preload, null, true)

if (!folder || !existsSync(join(folder, 'package.json'))) {
  console.error('Name the folder of an app, for example "electron .".')
  app.exit(2)
} else {
  openApp(folder)
}

function readCommandLine(args) {
  const preloads = []
  for (let i = 0; i < args.length; i += 1) {
    if (args[i] === '-r' || args[i] === '--require') preloads.push(resolve(args[++i]))
    else if (!args[i].startsWith('--')) return { preloads, folder: resolve(args[i]) }
  }
  return { preloads, folder: null }
}

function openApp(folder) {
  const { name, productName, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  app.setName(productName ?? name)
  app.setVersion(version)
  app.setPath('userData', join(app.getPath('appData'), app.getName()))
  app.setAppPath(folder)
  Module._load(folder, Module, true)
}
