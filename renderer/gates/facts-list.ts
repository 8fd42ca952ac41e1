import { type Fact, figureFact, statementFact } from '../../contracts/gate-policy'

/** All that a rule can ask of the evidence. */
export const FACTS: Fact[] = [...statementFact.options, ...figureFact.options]
