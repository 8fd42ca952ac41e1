import { z } from 'zod'
import { nextCursor, total } from './paging'
import { line, recordedId } from './text'

/** What a member may do in a workspace: viewer reads, editor records, owner decides who is in. */
export const workspaceRole = z.enum(['viewer', 'editor', 'owner'])
export type WorkspaceRole = z.infer<typeof workspaceRole>

/**
 * own: one for each person, with nobody else in it; shared: made by a person, who lets others in; adopted: what a
 * database of the Python system held, kept by the administrators.
 */
export const workspaceKind = z.enum(['own', 'shared', 'adopted'])
export type WorkspaceKind = z.infer<typeof workspaceKind>

export const workspace = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: workspaceKind,
  role: workspaceRole, // the caller's own
  member_count: z.int().nonnegative(), // the owner included
  created_at: z.iso.datetime(),
})
export type Workspace = z.infer<typeof workspace>

export const workspaceList = z.strictObject({ workspaces: z.array(workspace), total, next_cursor: nextCursor })
export type WorkspaceList = z.infer<typeof workspaceList>

export const newWorkspace = z.object({ name: line('a name for the workspace', 120) })
export type NewWorkspace = z.infer<typeof newWorkspace>

export const workspaceMember = z.strictObject({
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  role: workspaceRole,
})
export type WorkspaceMember = z.infer<typeof workspaceMember>

export const memberList = z.strictObject({ members: z.array(workspaceMember), total, next_cursor: nextCursor })
export type MemberList = z.infer<typeof memberList>

/** Lets a person in, or gives a member another role; as owner it is handed over to them, and who did so stays as editor. */
export const newMember = z.object({
  email: z.string('Enter an e-mail address.').trim().min(3, 'Enter an e-mail address.').max(254),
  role: workspaceRole,
})
export type NewMember = z.infer<typeof newMember>

const id = recordedId
export const workspaceParams = z.object({ id })
export const memberParams = z.object({ id, user_id: id })
