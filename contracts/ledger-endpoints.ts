import { messageReply } from './auth'
import { eventList, eventQuery } from './events'
import {
  newStrategy,
  newStrategyVersion,
  strategy,
  strategyChange,
  strategyFacets,
  strategyList,
  strategyQuery,
  strategyVersion,
  strategyVersionList,
  strategyVersionQuery,
} from './strategies'
import { memberList, newMember, newWorkspace, workspace, workspaceList } from './workspaces'

const NOT_SIGNED_IN = 'No credential, or one that is malformed, expired or revoked'
const BAD_QUERY = 'A parameter of the query is unknown or not valid; `errors` says which'
const READ_ONLY = 'You may read this workspace but not change it'
const NO_STRATEGY = 'There is no such strategy, or none you may see'
const NO_WORKSPACE = 'There is no such workspace, or none you may see'
const BODY = {
  400: 'The body is not JSON',
  413: 'The body is larger than 1 MiB',
  415: 'The body was not sent as JSON',
  422: 'A field is missing or not valid; `errors` says which',
}

const READ = { access: 'bearer', scope: 'ledger:read' } as const
const WRITE = { access: 'bearer', scope: 'ledger:write' } as const

/** The research ledger's part of the API. */
export const ledgerEndpoints = {
  workspaces: {
    ...READ,
    method: 'get',
    path: '/api/v1/workspaces',
    summary: 'List the workspaces you see: your own, shared ones, and for administrators those without an owner',
    reply: workspaceList,
    failures: { 401: NOT_SIGNED_IN },
  },
  createWorkspace: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/workspaces',
    summary: 'Make a workspace to share',
    body: newWorkspace,
    reply: workspace,
    status: 201,
    failures: { ...BODY, 401: NOT_SIGNED_IN },
  },
  changeWorkspace: {
    ...WRITE,
    method: 'patch',
    path: '/api/v1/workspaces/:id',
    summary: 'Rename a workspace of yours',
    body: newWorkspace,
    reply: workspace,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_WORKSPACE },
  },
  workspaceMembers: {
    ...READ,
    method: 'get',
    path: '/api/v1/workspaces/:id/members',
    summary: 'List who sees a workspace',
    reply: memberList,
    failures: { 401: NOT_SIGNED_IN, 404: NO_WORKSPACE },
  },
  addWorkspaceMember: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/workspaces/:id/members',
    summary: 'Let somebody into a shared workspace, or give a member another role',
    body: newMember,
    reply: memberList,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_WORKSPACE },
  },
  removeWorkspaceMember: {
    ...WRITE,
    method: 'delete',
    path: '/api/v1/workspaces/:id/members/:user_id',
    summary: 'Take somebody out of a shared workspace, or leave it',
    reply: messageReply,
    failures: { 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: 'There is no such workspace or member' },
  },

  strategies: {
    ...READ,
    method: 'get',
    path: '/api/v1/strategies',
    summary: 'List strategies: search, filter, sort, page by page',
    query: strategyQuery,
    reply: strategyList,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
  strategyFacets: {
    ...READ,
    method: 'get',
    path: '/api/v1/strategies/facets',
    summary: 'List the types, tags and authors that strategies can be filtered by',
    reply: strategyFacets,
    failures: { 401: NOT_SIGNED_IN },
  },
  createStrategy: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/strategies',
    summary: 'Record a strategy, with its parameters as version 1',
    body: newStrategy,
    reply: strategy,
    status: 201,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: READ_ONLY },
  },
  strategy: {
    ...READ,
    method: 'get',
    path: '/api/v1/strategies/:id',
    summary: 'Read a strategy',
    reply: strategy,
    failures: { 401: NOT_SIGNED_IN, 404: NO_STRATEGY },
  },
  changeStrategy: {
    ...WRITE,
    method: 'patch',
    path: '/api/v1/strategies/:id',
    summary: 'Change the name, type, description, tags or workspace of a strategy',
    body: strategyChange,
    reply: strategy,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_STRATEGY },
  },
  archiveStrategy: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/strategies/:id/archive',
    summary: 'Put a strategy away; everything recorded for it stays',
    reply: strategy,
    failures: { 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_STRATEGY },
  },
  restoreStrategy: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/strategies/:id/restore',
    summary: 'Take a strategy out of the archive',
    reply: strategy,
    failures: { 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_STRATEGY },
  },
  strategyVersions: {
    ...READ,
    method: 'get',
    path: '/api/v1/strategies/:id/versions',
    summary: 'List the versions of a strategy, newest first',
    query: strategyVersionQuery,
    reply: strategyVersionList,
    failures: { 401: NOT_SIGNED_IN, 404: NO_STRATEGY, 422: BAD_QUERY },
  },
  createStrategyVersion: {
    ...WRITE,
    method: 'post',
    path: '/api/v1/strategies/:id/versions',
    summary: 'Record other parameters as a new version; the newest ones again make none',
    body: newStrategyVersion,
    reply: strategyVersion,
    status: 201,
    failures: { ...BODY, 401: NOT_SIGNED_IN, 403: READ_ONLY, 404: NO_STRATEGY },
  },

  events: {
    ...READ,
    method: 'get',
    path: '/api/v1/events',
    summary: 'Read what happened after an event, oldest first',
    query: eventQuery,
    reply: eventList,
    failures: { 401: NOT_SIGNED_IN, 422: BAD_QUERY },
  },
} as const
