import type { ErrorCode } from 'yaml'

const SENTENCES: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'An alias names something that stands before it in the policy.',
  BAD_DQ_ESCAPE: 'A backslash in double quotes begins an escape: write two, or use single quotes.',
  BAD_INDENT: 'This line does not begin in the same column as those it belongs to.',
  BAD_SCALAR_START: 'Put quotes round a text that begins with a special character.',
  DUPLICATE_KEY: 'A name stands here only once.',
  MULTIPLE_DOCS: 'A policy is one document: leave the line of dashes out.',
  MISSING_CHAR: 'Something is missing here: a colon, a comma, a bracket or a closing quotation mark.',
  TAB_AS_INDENT: 'A line begins with spaces, not with a tab.',
}

/** What is wrong with YAML, for people. The sentences of the parser repeat what was written. */
export function yamlSentence(code: ErrorCode): string {
  return SENTENCES[code] ?? 'This is not YAML: look at the punctuation and at how far lines are indented.'
}
