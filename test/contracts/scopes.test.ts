import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ROLES, roles, SCOPES, scopes } from '../../contracts/scopes'

test('the page on roles holds the table that the server goes by', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs', 'roles.md'), 'utf8')

  const rows = SCOPES.map((scope) => {
    const granted = ROLES.map((role) => (roles[role].scopes.some((other) => other === scope) ? 'yes' : ''))
    const cells = [`\`${scope}\``, scopes[scope].allows, ...granted, scopes[scope].forKeys ? 'yes' : '']
    return `| ${cells.join(' | ')} |`
  })
  expect(text.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows)
  for (const role of ROLES) expect(text).toContain(`**${roles[role].label}** (\`${role}\`): ${roles[role].purpose}`)
})
