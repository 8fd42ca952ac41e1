import { type Command, Option } from 'commander'
import type { ManagedUser } from '../../contracts/admin'
import { newPassword } from '../../contracts/auth'
import { ROLES, type Role, roles } from '../../contracts/scopes'
import { sentenceFor } from '../../contracts/sentences'
import { type Local, openLocal } from '../../server/local'
import { actingOptions, type CommandContext, type WithContext } from '../context'
import { CommandError, EXIT } from '../exit-codes'
import { askForNewPassword, readPassword } from '../secret-input'
import { moment, printable } from '../terminal'

interface ListOptions {
  search?: string
  role?: Role
  status?: 'active' | 'inactive'
}

const EMAIL = ['<email>', 'whose account it is'] as const

export function addUserCommands(program: Command, withContext: WithContext): void {
  const group = program.command('users').description('accounts, on the database of this machine')
  group
    .command('list')
    .description('who has an account')
    .option('--search <text>', 'found anywhere in the name or the e-mail address')
    .addOption(new Option('--role <role>', 'with this role').choices(ROLES))
    .addOption(new Option('--status <status>', 'that are').choices(['active', 'inactive']))
    .action(withContext(list))
  group
    .command('promote')
    .description('give a role that may do more')
    .argument(...EMAIL)
    .addOption(new Option('--role <role>', 'which one').choices(ROLES).default('admin'))
    .action(
      withContext((context, email: string, { role }: { role: Role }) => changeRole(context, email, role, 'promote')),
    )
  group
    .command('demote')
    .description('give a role that may do less')
    .argument(...EMAIL)
    .addOption(new Option('--role <role>', 'which one').choices(ROLES).default('analyst'))
    .action(
      withContext((context, email: string, { role }: { role: Role }) => changeRole(context, email, role, 'demote')),
    )
  group
    .command('activate')
    .description('let somebody sign in again')
    .argument(...EMAIL)
    .action(withContext((context, email: string) => setActive(context, email, true)))
  group
    .command('deactivate')
    .description('keep somebody out, and end their sessions')
    .argument(...EMAIL)
    .action(withContext((context, email: string) => setActive(context, email, false)))
  group
    .command('reset-password')
    .description('set a new password, and end their sessions; it is asked for, and never an argument')
    .argument(...EMAIL)
    .option('--stdin', 'read the password from standard input, on one line')
    .action(withContext(resetPassword))
  group
    .command('reset-factors')
    .description('take every second factor off an account whose owner has lost them, and end their sessions')
    .argument(...EMAIL)
    .action(withContext(resetFactors))
}

async function list(context: CommandContext, { search = '', role, status }: ListOptions): Promise<void> {
  const users = await withAccounts(context, (local) =>
    local.listUsers({ search, ...(role && { role }), ...(status && { status }) }),
  )
  const { terminal } = context
  const rows = users.map((user) => [
    user.email,
    user.name,
    roles[user.role].label,
    user.is_active ? 'yes' : 'no',
    String(user.sessions),
    moment(user.last_seen_at),
  ])
  const nobody = ['Nobody is found.']
  const table = () => terminal.table(['E-MAIL', 'NAME', 'ROLE', 'ACTIVE', 'SESSIONS', 'LAST SEEN'], rows)
  terminal.result({ users, total: users.length }, rows.length === 0 ? nobody : table())
}

async function changeRole(
  context: CommandContext,
  email: string,
  role: Role,
  direction: 'promote' | 'demote',
): Promise<void> {
  await change(context, email, async (local, user) => {
    const steps = ROLES.indexOf(role) - ROLES.indexOf(user.role)
    const who = printable(user.email)
    if (steps === 0) return [user, `${who} has that role already: ${roles[role].label}.`]
    if (steps > 0 !== (direction === 'promote')) {
      const other = direction === 'promote' ? 'demote' : 'promote'
      const sentence = `${who} is ${withArticle(user.role)}: to make them ${withArticle(role)}, use aurelius users ${other}.`
      throw new CommandError(EXIT.data, sentence)
    }
    return [await local.changeUser(user.id, { role }), `${who} is ${withArticle(role)} now.`]
  })
}

async function setActive(context: CommandContext, email: string, isActive: boolean): Promise<void> {
  await change(context, email, async (local, user) => {
    const who = printable(user.email)
    if (user.is_active === isActive)
      return [user, `The account of ${who} is ${isActive ? 'active' : 'inactive'} already.`]
    const sentence = isActive
      ? `The account of ${who} is active again.`
      : `The account of ${who} is not active any more, and their sessions have ended.`
    return [await local.changeUser(user.id, { is_active: isActive }), sentence]
  })
}

async function resetPassword(context: CommandContext, email: string, options: { stdin?: boolean }): Promise<void> {
  await change(context, email, async (local, user) => {
    const typed = await (options.stdin ? readPassword(context.stdin) : askForNewPassword(context.stdin, context.stderr))
    const password = newPassword.safeParse(typed, { error: sentenceFor })
    if (!password.success) throw new CommandError(EXIT.data, password.error.issues[0]?.message ?? '')
    await local.setPassword(user.email, password.data)
    return [
      await local.getUser(user.email),
      `${printable(user.email)} has a new password, and their sessions have ended.`,
    ]
  })
}

async function resetFactors(context: CommandContext, email: string): Promise<void> {
  await change(context, email, async (local, user) => {
    const who = printable(user.email)
    if (!user.has_second_factor) return [user, `${who} has no second factor.`]
    await local.resetFactors(user.id)
    return [
      await local.getUser(user.email),
      `${who} signs in with the password alone from now on, and their sessions have ended.`,
    ]
  })
}

/** Finds an account, does something to it, and shows it as it is then. */
async function change(
  context: CommandContext,
  email: string,
  work: (local: Local, user: ManagedUser) => Promise<[after: ManagedUser, sentence: string]>,
): Promise<void> {
  const [user, sentence] = await withAccounts(context, async (local) => work(local, await local.getUser(email)))
  context.terminal.result({ user }, [sentence])
}

async function withAccounts<T>(context: CommandContext, work: (local: Local) => Promise<T>): Promise<T> {
  const local = await openLocal(actingOptions(context))
  try {
    return await work(local)
  } finally {
    await local.close()
  }
}

function withArticle(role: Role): string {
  const label = roles[role].label.toLowerCase()
  return `${/^[aeiou]/.test(label) ? 'an' : 'a'} ${label}`
}
