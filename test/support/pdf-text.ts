import { inflateSync } from 'node:zlib'

/**
 * The words of a PDF that Chromium made. It writes the glyphs of each font by number and keeps, beside the font, a table
 * of the characters that they stand for (PDF 32000-1:2008, section 9.10.3).
 *
 * @param pdf its bytes, one a character
 */
export function pdfText(pdf: string): string {
  const objects = new Map(
    [...pdf.matchAll(/(\d+) 0 obj\b([\s\S]*?)endobj/g)].map(([, id = '', body = '']) => [id, body]),
  )
  const tables = new Map<string, Map<string, string>>()
  for (const [, name = '', id = ''] of pdf.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const table = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id) ?? '')?.[1]
    if (table) tables.set(name, charactersOf(streamOf(objects.get(table) ?? '')))
  }
  let text = ''
  for (const body of objects.values()) {
    let font: Map<string, string> | undefined
    const content = body.includes('stream') ? streamOf(body) : ''
    for (const [, name, glyphs = ''] of content.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g))
      if (name) font = tables.get(name)
      else if (font)
        for (let at = 0; at < glyphs.length; at += widthOf(font))
          text += font.get(glyphs.slice(at, at + widthOf(font)).toUpperCase()) ?? ''
  }
  return text
}

function streamOf(body: string): string {
  const raw = /stream\r?\n([\s\S]*?)\r?\n?endstream/.exec(body)?.[1] ?? ''
  try {
    return body.includes('/FlateDecode') ? inflateSync(Buffer.from(raw, 'latin1')).toString('latin1') : raw
  } catch {
    return ''
  }
}

/** Of one length all: two digits a glyph in a font of variable weight, four in any other. */
const widthOf = (font: Map<string, string>): number => font.keys().next().value?.length ?? 4

function charactersOf(table: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, block = ''] of table.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, from = '', to = ''] of block.matchAll(/<(\w+)>\s*<(\w{4})/g))
      found.set(from.toUpperCase(), String.fromCharCode(Number.parseInt(to, 16)))
  for (const [, block = ''] of table.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from = '', last = '', to = ''] of block.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w{4})/g)) {
      const [first, end, start] = [from, last, to].map((hex) => Number.parseInt(hex, 16)) as [number, number, number]
      for (let at = first; at <= end; at++) {
        const glyph = at.toString(16).toUpperCase().padStart(from.length, '0')
        found.set(glyph, String.fromCharCode(start + at - first))
      }
    }
  return found
}
