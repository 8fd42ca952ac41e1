/** The server's way of checking an archive of evidence, for programs without a server. */
export { verifyEvidence } from './ledger/evidence/verify'
