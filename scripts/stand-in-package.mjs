import { resolve } from 'node:path'
import { getConfig } from 'app-builder-lib/out/util/config/config.js'
import { findElectron } from './electron-runtime.mjs'

/** What electron-builder.yml says, around the stand-in Electron: to test the packed app where the real one is out of reach. */
export default async function standInPackage() {
  const electron = findElectron()
  const config = await getConfig(resolve(import.meta.dirname, '..'), 'electron-builder.yml', null)
  delete config.electronFuses?.grantFileProtocolExtraPrivileges // came with a later Electron
  return { ...config, electronDist: electron?.dist, electronVersion: electron?.version }
}
