import type { Document, LineCounter, Node, Pair } from 'yaml'

/** Keys and indices that lead into a document. */
export type Place = readonly PropertyKey[]

/** Answers the line of a place in a YAML document, or of what is nearest around it where the place is not there. */
export function placesIn(
  { isMap, isSeq }: Pick<typeof import('yaml'), 'isMap' | 'isSeq'>,
  document: Document,
  lines: LineCounter,
): (place: Place) => number | undefined {
  const lineAt = (node: unknown): number | undefined => {
    const start = (node as Node | null | undefined)?.range?.[0]
    return start === undefined ? undefined : lines.linePos(start).line
  }
  return (place) => {
    let node: unknown = document.contents
    let line = lineAt(node)
    for (const key of place) {
      if (isMap(node)) {
        const pair = (node.items as Pair[]).find((each) => String(each.key) === String(key))
        if (!pair) break
        line = lineAt(pair.key) ?? line
        node = pair.value
      } else if (isSeq(node)) {
        node = node.items[Number(key)]
        line = lineAt(node) ?? line
      } else break
    }
    return line
  }
}
