import { type GatePolicy, gatePolicy } from '../../../contracts/gate-policy'

/** Where a policy that somebody wrote is wrong, for people. */
export interface PolicyFault {
  /** Dotted path into the document; empty for the document as a whole. */
  field: string
  message: string
}

/** No policy is longer, in characters. */
const LONGEST = 65_536

/** Reads a policy from YAML 1.2, of which JSON is a part. The parser is loaded when it is first needed. */
export async function readPolicy(text: string): Promise<{ policy: GatePolicy } | { faults: PolicyFault[] }> {
  if (text.length > LONGEST) return { faults: [{ field: '', message: `A policy has at most ${LONGEST} characters.` }] }
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { version: '1.2', schema: 'core', strict: true, uniqueKeys: true })
  if (document.errors.length > 0) {
    return { faults: document.errors.map(({ message }) => ({ field: '', message: message.split('\n')[0] as string })) }
  }
  const parsed = gatePolicy.safeParse(toPlain(document))
  if (parsed.success) return { policy: parsed.data }
  return { faults: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })) }
}

/** Writes a policy the way people edit it. */
export async function writePolicy(policy: GatePolicy): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(policy)
}

/** Aliases that multiply are refused by the parser, which throws; such a document holds nothing we could read. */
function toPlain(document: { toJS(options: { maxAliasCount: number }): unknown }): unknown {
  try {
    return document.toJS({ maxAliasCount: 20 })
  } catch {
    return undefined
  }
}
