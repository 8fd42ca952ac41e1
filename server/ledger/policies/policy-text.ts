import type { z } from 'zod'
import { type GatePolicy, gatePolicy } from '../../../contracts/gate-policy'
import { sentenceFor } from '../../../contracts/sentences'
import { type Place, placesIn } from './policy-places'
import { yamlSentence } from './yaml-sentences'

/** Where a policy that somebody wrote is wrong, for people. */
export interface PolicyFault {
  /** Dotted path into the document; empty for the document as a whole. */
  field: string
  message: string
  /** The first is 1; missing where the fault has no place in the text. */
  line?: number | undefined
}

/** No policy is longer, in characters. */
const LONGEST = 65_536

/** Reads a policy from YAML 1.2, of which JSON is a part. The parser is loaded when it is first needed. */
export async function readPolicy(text: string): Promise<{ policy: GatePolicy } | { faults: PolicyFault[] }> {
  if (text.length > LONGEST) return { faults: [{ field: '', message: `A policy has at most ${LONGEST} characters.` }] }
  const yaml = await import('yaml')
  const lineCounter = new yaml.LineCounter()
  const options = { version: '1.2', schema: 'core', strict: true, uniqueKeys: true, lineCounter } as const
  const document = yaml.parseDocument(text, options)
  if (document.errors.length > 0) {
    const faults = document.errors.map(({ code, linePos }) => ({
      field: '',
      message: yamlSentence(code),
      line: linePos?.[0].line,
    }))
    return { faults }
  }
  const plain = toPlain(document)
  const parsed = gatePolicy.safeParse(plain, { error: sentenceFor })
  if (parsed.success) return { policy: parsed.data }
  const lineOf = placesIn(yaml, document, lineCounter)
  const faults = parsed.error.issues.flatMap((issue) => inOneForm(issue, plain)).map((issue) => toFault(issue, lineOf))
  return { faults }
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

type Issue = z.core.$ZodIssue

/** A rule that is of neither form is told of in the one it looks like: statements say `is`. */
function inOneForm(issue: Issue, document: unknown): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length !== 2) return [issue]
  const rule = issue.path.reduce<unknown>((node, key) => (node as Record<PropertyKey, unknown> | null)?.[key], document)
  const isStatement = typeof rule === 'object' && rule !== null && 'operator' in rule && rule.operator === 'is'
  const found = (isStatement ? issue.errors[1] : issue.errors[0]) ?? []
  return found.map((each) => ({ ...each, path: [...issue.path, ...each.path] }))
}

function toFault(issue: Issue, lineOf: (place: Place) => number | undefined): PolicyFault {
  const place = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return { field: issue.path.join('.'), message: issue.message, line: lineOf(place) }
}
