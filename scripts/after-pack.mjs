import { rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes what a runtime folder keeps for development; electron-builder leaves it in when given a folder to pack.
 *
 * @param {import('electron-builder').AfterPackContext} context
 */
export default async function afterPack({ appOutDir, packager }) {
  await rm(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
  await rm(join(appOutDir, 'version'), { force: true })
}
