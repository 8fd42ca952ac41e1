import type { Audit } from '../../audit/audit'
import { createKeyCheck, type KeyCheckDependencies } from './key-check'
import { createKeyEvents } from './key-events'
import { createKeysService, type KeysDependencies } from './keys.service'

type Dependencies = Omit<KeyCheckDependencies & KeysDependencies, 'events'> & { audit: Audit }

/** Puts together what makes API keys and what checks them. */
export function openApiKeys({ audit, ...others }: Dependencies) {
  const events = createKeyEvents(audit)
  return { check: createKeyCheck({ ...others, events }), service: createKeysService({ ...others, events }) }
}
