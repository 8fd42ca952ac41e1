import { createHash } from 'node:crypto'
import { pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type EvidenceReport, evidenceManifest } from '../../../contracts/evidence'
import { openArchive } from './archive'
import { checkDocuments, checkRows } from './check-documents'
import { readTar } from './tar'

/**
 * Checks an archive of evidence by itself: no database, no network. Every file is held against the manifest and has to
 * be one that the documents name; all that follows from what is in the archive is computed again: fingerprints, result
 * hashes and figures of each run, validations, the facts and verdicts of gates. Who made the archive it cannot tell.
 *
 * @param archive the bytes of the file, in pieces
 */
export async function verifyEvidence(archive: AsyncIterable<Uint8Array>): Promise<EvidenceReport> {
  const report: EvidenceReport = {
    ...{ ok: false, manifest_sha256: null, strategy_name: null, exported_at: null },
    checked: { files: 0, backtests: 0, validations: 0, gate_results: 0 },
    findings: [],
  }
  const opened = openArchive((path, message) => void report.findings.push({ path, message }))
  const { files, named, find } = opened
  try {
    const unpacked = pipeline(Readable.from(archive), createGunzip(), () => undefined)
    for await (const { path, bytes } of readTar(unpacked)) {
      if (files.has(path)) find(path, 'This file is there twice.')
      files.set(path, { bytes: bytes.length, sha256: sha256(bytes), text: Buffer.from(bytes).toString() })
      // The rows of a run come right behind it: checked at once, they need not be kept.
      if (path.endsWith('/trades.csv')) checkRows(opened, path.replace(/\/trades\.csv$/, ''))
    }
  } catch (error) {
    find('', error instanceof RangeError ? error.message : 'This is no archive of evidence, or it was cut off.')
    return report
  }
  const manifest = opened.read('manifest.json', evidenceManifest)
  if (manifest) {
    report.manifest_sha256 = files.get('manifest.json')?.sha256 ?? null
    report.strategy_name = manifest.strategy_name
    report.exported_at = manifest.exported_at
    const listed = new Map(manifest.files.map((file) => [file.path, file]))
    for (const [path, { bytes, sha256 }] of files) {
      if (path === 'manifest.json') continue
      const stated = listed.get(path)
      if (!stated) find(path, 'The manifest does not know this file.')
      else if (stated.bytes !== bytes || stated.sha256 !== sha256) find(path, 'This file was changed.')
      else report.checked.files += 1
    }
    for (const path of listed.keys()) if (!files.has(path)) find(path, 'This file is missing.')
    Object.assign(report.checked, checkDocuments(opened, manifest))
    for (const path of files.keys())
      if (!named.has(path)) find(path, 'Nothing in the archive refers to this file: it does not belong to it.')
  }
  report.ok = report.findings.length === 0
  return report
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
