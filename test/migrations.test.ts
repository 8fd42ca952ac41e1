import { setTimeout as pause } from 'node:timers/promises'
import { DataTypes } from 'sequelize'
import { describe, expect, test } from 'vitest'
import { migrations } from '../migrations'
import type { Migration } from '../migrations/migration'
import { withMigrationLock } from '../server/db/lock'
import { schemaHistory } from '../server/db/migrate'
import { openTestDatabase } from './support/open-test-database'
import { readSchema } from './support/schema'
import { DIALECTS, startTestServer, testConfig } from './support/start-test-server'

const ID = { id: 'text not null' }
const OF_STRATEGY = { ...ID, strategy_id: 'text not null' }
const RUN = { start_date: 'day not null', end_date: 'day not null', initial_capital: 'number not null' }
const OUTCOME = { created_at: 'instant = CURRENT_TIMESTAMP', completed_at: 'instant', duration_seconds: 'number' }
const STATUS = { status: 'text = pending', error_message: 'long text' }

const TABLES = {
  strategies: {
    ...ID,
    name: 'text not null',
    description: 'long text',
    strategy_type: 'text not null',
    confidence: 'number',
    parameters: 'json',
    status: 'text',
    created_at: 'instant = CURRENT_TIMESTAMP',
    updated_at: 'instant',
    workspace_id: 'text',
    owner_id: 'text',
    version: 'integer not null = 1',
    stage: 'text not null = research',
    tags: 'long text not null = []',
    search_text: 'long text not null',
    archived_at: 'instant',
    backtest_count: 'integer not null = 0',
    last_backtest_at: 'instant',
  },
  backtests: {
    ...OF_STRATEGY,
    ...RUN,
    instruments: 'json',
    seed: 'integer = 42',
    data_source: 'text = default',
    ...STATUS,
    metrics: 'json',
    trades: 'json',
    equity_curve: 'json',
    ...OUTCOME,
    strategy_version: 'integer not null = 1',
    workspace_id: 'text',
    author_id: 'text',
    label: 'text',
    has_trade_list: 'flag not null = false',
    is_period_stated: 'flag not null = true',
    currency: 'text not null = USD',
    data_fingerprint: 'text',
    engine: 'text',
    engine_version: 'text',
    code_revision: 'text',
    scoring: 'long text not null = {}',
    expected_points: 'integer',
    point_count: 'integer not null = 0',
    trade_count: 'integer not null = 0',
    last_time: 'number',
    progress: 'number',
    fingerprint: 'text',
    result_hash: 'text',
    reproducibility: 'text',
    first_run_id: 'text',
    reported_metrics: 'long text',
    differences: 'long text',
    difference_count: 'integer not null = 0',
    total_return: 'number',
    cagr: 'number',
    volatility: 'number',
    sharpe_ratio: 'number',
    max_drawdown: 'number',
    last_seen_at: 'instant',
  },
  validations: {
    ...OF_STRATEGY,
    ...RUN,
    window_size_days: 'integer not null',
    train_size_days: 'integer not null',
    ...STATUS,
    windows: 'json',
    metrics: 'json',
    num_windows: 'integer',
    avg_train_sharpe: 'number',
    avg_test_sharpe: 'number',
    avg_degradation: 'number',
    stability_score: 'number',
    passed: 'flag',
    ...OUTCOME,
    strategy_version: 'integer not null = 1',
    author_id: 'text',
    backtest_id: 'text',
    source: 'text not null = adopted',
    plan: 'long text',
    rule: 'long text',
    checks: 'long text',
    verdict: 'text not null = inconclusive',
  },
  gate_results: {
    ...OF_STRATEGY,
    gate_type: 'text not null',
    passed: 'flag not null',
    timestamp: 'instant = CURRENT_TIMESTAMP',
    results: 'json',
    production_ready: 'flag',
    recommendation: 'long text',
    strategy_version: 'integer not null = 1',
    author_id: 'text',
    policy_version: 'integer',
    policy_hash: 'text',
    verdict: 'text not null = inconclusive',
    evidence: 'long text',
  },
  users: {
    ...ID,
    email: 'text not null',
    name: 'text not null',
    hashed_password: 'text not null',
    is_active: 'flag = true',
    is_admin: 'flag = false',
    created_at: 'instant = CURRENT_TIMESTAMP',
    updated_at: 'instant',
    email_verified_at: 'instant',
    role: 'text not null = analyst',
    role_changed_at: 'instant',
  },
  invitations: {
    ...ID,
    token_hash: 'text not null',
    email: 'text',
    role: 'text not null',
    created_by: 'text',
    created_at: 'instant not null',
    expires_at: 'instant not null',
    accepted_by: 'text',
    accepted_at: 'instant',
    revoked_at: 'instant',
  },
  sessions: {
    ...ID,
    user_id: 'text',
    created_at: 'instant not null',
    expires_at: 'instant not null',
    revoked_at: 'instant',
    user_agent: 'long text',
    address: 'text',
    last_seen_at: 'instant',
    proved_at: 'instant',
    key_thumbprint: 'text',
    shown_proofs: 'long text',
  },
  refresh_tokens: {
    hash: 'text not null',
    session_id: 'text not null',
    issued_at: 'instant not null',
    spent_at: 'instant',
    salt: 'text',
  },
  token_cut_offs: {
    user_id: 'text not null',
    issued_before: 'instant not null',
    kept_session_id: 'text',
    expires_at: 'instant not null',
  },
  workspaces: {
    ...ID,
    name: 'text not null',
    kind: 'text not null',
    owner_id: 'text',
    created_at: 'instant not null',
  },
  workspace_members: {
    workspace_id: 'text not null',
    user_id: 'text not null',
    role: 'text not null',
    created_at: 'instant not null',
  },
  strategy_versions: {
    strategy_id: 'text not null',
    version: 'integer not null',
    parameters: 'long text not null',
    note: 'long text not null',
    author_id: 'text',
    created_at: 'instant not null',
  },
  ledger_events: {
    id: 'sequence',
    type: 'text not null',
    at: 'instant not null',
    workspace_id: 'text not null',
    strategy_id: 'text not null',
    strategy_name: 'long text not null',
    subject_id: 'text',
    actor_id: 'text',
    data: 'long text not null',
  },
  audit_log: {
    seq: 'big integer not null',
    occurred_at: 'instant not null',
    action: 'text not null',
    outcome: 'text not null',
    actor_kind: 'text not null',
    actor_id: 'text',
    credential_id: 'text',
    account_id: 'text',
    target_type: 'text',
    target_id: 'text',
    address: 'text',
    device: 'text',
    request_id: 'text',
    details: 'long text not null',
    key_id: 'text not null',
    previous_hash: 'text not null',
    hash: 'text not null',
    mac: 'text not null',
  },
  audit_head: {
    id: 'text not null',
    seq: 'big integer not null',
    key_id: 'text not null',
    hash: 'text not null',
    mac: 'text not null',
  },
  backtest_segments: {
    backtest_id: 'text not null',
    kind: 'text not null',
    first_index: 'integer not null',
    upload_id: 'text not null',
    count: 'integer not null',
    first_time: 'number not null',
    last_time: 'number not null',
    overview: 'bytes',
    data: 'bytes not null',
  },
  backtest_totals: {
    strategy_id: 'text not null',
    strategy_version: 'integer not null',
    status: 'text not null',
    total: 'integer not null = 0',
  },
  gate_policies: {
    gate: 'text not null',
    version: 'integer not null',
    document: 'long text not null',
    hash: 'text not null',
    note: 'long text not null',
    author_id: 'text',
    created_at: 'instant not null',
  },
  promotions: {
    ...OF_STRATEGY,
    strategy_version: 'integer not null',
    from_stage: 'text not null',
    to_stage: 'text not null',
    gate_result_id: 'text not null',
    status: 'text not null',
    comment: 'long text not null',
    requested_by: 'text',
    requested_at: 'instant not null',
    decided_by: 'text',
    decided_at: 'instant',
    decision_comment: 'long text',
  },
  idempotency_keys: {
    user_id: 'text not null',
    key: 'text not null',
    request_hash: 'text not null',
    subject_id: 'text not null',
    created_at: 'instant not null',
  },
  attempt_counts: { key: 'text not null', points: 'integer not null', expires_at: 'instant not null' },
  totp_factors: {
    user_id: 'text not null',
    sealed_secret: 'long text not null',
    created_at: 'instant not null',
    confirmed_at: 'instant',
    last_step: 'integer',
  },
  recovery_codes: {
    hash: 'text not null',
    user_id: 'text not null',
    created_at: 'instant not null',
    used_at: 'instant',
  },
  passkeys: {
    ...ID,
    user_id: 'text not null',
    credential_id: 'long text not null',
    public_key: 'long text not null',
    sign_count: 'big integer not null',
    rp_id: 'text not null',
    transports: 'text not null',
    name: 'text not null',
    created_at: 'instant not null',
    last_used_at: 'instant',
  },
  auth_challenges: {
    hash: 'text not null',
    purpose: 'text not null',
    user_id: 'text',
    session_id: 'text',
    password_digest: 'text',
    attempts: 'integer not null = 0',
    expires_at: 'instant not null',
  },
  api_keys: {
    ...ID,
    user_id: 'text not null',
    name: 'text not null',
    scopes: 'long text not null',
    addresses: 'long text',
    life_seconds: 'integer',
    created_at: 'instant not null',
    expires_at: 'instant',
    revoked_at: 'instant',
    last_used_at: 'instant',
    last_used_address: 'text',
  },
  api_key_secrets: {
    hash: 'text not null',
    key_id: 'text not null',
    hint: 'text not null',
    created_at: 'instant not null',
    works_until: 'instant',
    last_used_at: 'instant',
  },
  server_settings: { name: 'text not null', value: 'long text not null', updated_at: 'instant not null' },
  one_time_tokens: {
    hash: 'text not null',
    purpose: 'text not null',
    user_id: 'text not null',
    email: 'text',
    bound_to: 'text not null',
    change_id: 'text',
    created_at: 'instant not null',
    expires_at: 'instant not null',
    used_at: 'instant',
  },
  schema_migrations: { name: 'text not null' },
}

const INDEXES = {
  ix_one_time_tokens_user_id: 'one_time_tokens(user_id)',
  ix_one_time_tokens_expires_at: 'one_time_tokens(expires_at)',
  ix_backtests_strategy_id: 'backtests(strategy_id)',
  ix_backtests_status: 'backtests(status)',
  ix_backtests_strategy_id_created_at: 'backtests(strategy_id, created_at)',
  ix_validations_strategy_id: 'validations(strategy_id)',
  ix_backtests_workspace_created: 'backtests(workspace_id, created_at, id)',
  ix_backtests_workspace_status: 'backtests(workspace_id, status, created_at, id)',
  ix_backtests_strategy_created: 'backtests(strategy_id, created_at, id)',
  ix_backtests_fingerprint: 'backtests(strategy_id, fingerprint)',
  ix_backtests_trials: 'backtests(strategy_id, sharpe_ratio)',
  ix_validations_strategy_created: 'validations(strategy_id, created_at, id)',
  ix_gate_results_strategy_gate: 'gate_results(strategy_id, gate_type, timestamp, id)',
  ix_promotions_strategy: 'promotions(strategy_id, requested_at)',
  ix_promotions_status: 'promotions(status, requested_at)',
  ix_idempotency_keys_created_at: 'idempotency_keys(created_at)',
  ix_gate_results_strategy_id: 'gate_results(strategy_id)',
  ix_strategies_workspace_updated: 'strategies(workspace_id, updated_at, id)',
  ix_strategies_workspace_created: 'strategies(workspace_id, created_at, id)',
  ix_workspaces_owner_id: 'workspaces(owner_id)',
  ix_workspace_members_user_id: 'workspace_members(user_id)',
  ix_ledger_events_at: 'ledger_events(at)',
  ix_ledger_events_strategy: 'ledger_events(strategy_id, id)',
  ix_ledger_events_progress: 'ledger_events(at)',
  ix_users_email: 'unique users(email)',
  ix_users_is_active: 'users(is_active)',
  ix_sessions_user_id: 'sessions(user_id)',
  ix_sessions_expires_at: 'sessions(expires_at)',
  ix_refresh_tokens_session_id: 'refresh_tokens(session_id)',
  ix_invitations_token_hash: 'unique invitations(token_hash)',
  ix_attempt_counts_expires_at: 'attempt_counts(expires_at)',
  ix_audit_log_account_id: 'audit_log(account_id, seq)',
  ix_audit_log_actor_id: 'audit_log(actor_id, seq)',
  ix_audit_log_action: 'audit_log(action, seq)',
  ix_audit_log_outcome: 'audit_log(outcome, seq)',
  ix_audit_log_occurred_at: 'audit_log(occurred_at)',
  ix_token_cut_offs_expires_at: 'token_cut_offs(expires_at)',
  ix_recovery_codes_user_id: 'recovery_codes(user_id)',
  ix_passkeys_user_id: 'passkeys(user_id)',
  ix_passkeys_credential_id: 'unique passkeys(credential_id)',
  ix_api_keys_user_id: 'api_keys(user_id)',
  ix_api_key_secrets_key_id: 'api_key_secrets(key_id)',
  ix_auth_challenges_expires_at: 'auth_challenges(expires_at)',
}

const FOREIGN_KEYS = [
  'api_key_secrets.key_id → api_keys.id CASCADE',
  'api_keys.user_id → users.id CASCADE',
  'auth_challenges.user_id → users.id CASCADE',
  'backtest_segments.backtest_id → backtests.id CASCADE',
  'backtest_totals.strategy_id → strategies.id CASCADE',
  'backtests.strategy_id → strategies.id CASCADE',
  'gate_results.strategy_id → strategies.id CASCADE',
  'invitations.accepted_by → users.id SET NULL',
  'invitations.created_by → users.id SET NULL',
  'one_time_tokens.user_id → users.id CASCADE',
  'passkeys.user_id → users.id CASCADE',
  'promotions.strategy_id → strategies.id CASCADE',
  'recovery_codes.user_id → users.id CASCADE',
  'refresh_tokens.session_id → sessions.id CASCADE',
  'sessions.user_id → users.id SET NULL',
  'strategy_versions.strategy_id → strategies.id CASCADE',
  'totp_factors.user_id → users.id CASCADE',
  'validations.strategy_id → strategies.id CASCADE',
  'workspace_members.user_id → users.id CASCADE',
  'workspace_members.workspace_id → workspaces.id CASCADE',
  'workspaces.owner_id → users.id SET NULL',
]

const NAMES = migrations.map(({ name }) => name)

const fails: Migration = {
  name: '9999-fails-half-way',
  async up(schema, transaction) {
    await schema.addColumn('users', 'nickname', DataTypes.STRING, { transaction })
    await schema.createTable('teams', { id: { type: DataTypes.STRING, primaryKey: true } }, { transaction })
    await schema.sequelize.query("UPDATE users SET name = 'changed'", { transaction })
    throw new Error('the disk caught fire')
  },
  async down() {},
}

describe.each(DIALECTS)('on %s', (dialect) => {
  test('the schema is the designed one, goes away completely, and comes back the same', async () => {
    const { sequelize } = await openTestDatabase(await testConfig({ dialect }))
    const history = schemaHistory(sequelize)

    const designed = await readSchema(sequelize)
    await history.down({ to: 0 })
    const empty = await readSchema(sequelize)
    await history.up()

    expect(designed.tables).toEqual(TABLES)
    expect(designed.indexes).toEqual(INDEXES)
    expect([...designed.foreignKeys].sort()).toEqual(FOREIGN_KEYS)
    expect(empty).toEqual({ tables: { schema_migrations: { name: 'text not null' } }, indexes: {}, foreignKeys: [] })
    expect(await readSchema(sequelize)).toEqual(designed)
  })

  test('each step can be taken back by itself and done again', async () => {
    const { sequelize } = await openTestDatabase(await testConfig({ dialect }))
    const history = schemaHistory(sequelize)

    for (const { name } of [...migrations].reverse()) {
      const before = await readSchema(sequelize)
      await history.down()
      await history.up({ step: 1 })
      expect(await readSchema(sequelize), name).toEqual(before)
      await history.down()
    }
  })

  test('a migration that fails half way leaves neither its changes nor an entry, and a later start finishes', async () => {
    const place = await testConfig({ dialect })
    const server = await startTestServer({ dialect, ...place })
    const ada = await server.signUp('Ada')
    await server.close()

    await expect(openTestDatabase(place, { migrations: [...migrations, fails] })).rejects.toThrow(/cannot be opened/)

    const database = await openTestDatabase(place)
    const { tables } = await readSchema(database.sequelize)
    const [history] = await database.sequelize.query('SELECT name FROM schema_migrations ORDER BY name')
    const [users] = await database.sequelize.query('SELECT * FROM users')
    expect(tables).toEqual(TABLES)
    expect(history).toEqual(NAMES.map((name) => ({ name })))
    expect(users).toMatchObject([{ email: ada.account.email, name: 'Ada' }])
  })

  test('servers that start at once on a fresh database all come up, and each migration ran once', async () => {
    const { config, secrets } = await testConfig({ dialect })
    const start = () => startTestServer({ dialect, config: { ...config, runtimeFile: null }, secrets })

    const servers = await Promise.all([start(), start(), start()])

    const ada = await servers[0].signUp()
    for (const { origin } of servers) expect((await ada.at(origin).get('/api/auth/verify')).status).toBe(200)
    const database = await openTestDatabase({ config, secrets })
    const [history] = await database.sequelize.query('SELECT name FROM schema_migrations ORDER BY name')
    expect(history).toEqual(NAMES.map((name) => ({ name })))
  })

  test('progress is told step by step, and a start with nothing to do tells none', async () => {
    const place = await testConfig({ dialect })
    const first: string[] = []
    const second: string[] = []

    await openTestDatabase(place, { onProgress: (step) => first.push(step) })
    await openTestDatabase(place, { onProgress: (step) => second.push(step) })

    const total = migrations.length
    expect(first).toEqual(migrations.map((_, index) => `Updating the database (${index + 1} of ${total})`))
    expect(second).toEqual([])
  })

  test('while another process migrates, a start waits, says so once, and goes on afterwards', async () => {
    const place = await testConfig({ dialect })
    const other = await openTestDatabase(place, { migrations: migrations.slice(0, 1) })
    const steps: string[] = []
    let finish = () => {}
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    const holding = new Promise<void>((taken) => {
      withMigrationLock(
        other.sequelize,
        place.config.database,
        () => undefined,
        async () => {
          taken()
          await finished
        },
      )
    })
    await holding

    const starting = openTestDatabase(place, { onProgress: (step) => steps.push(step) })
    while (steps.length === 0) await pause(20)
    await pause(600) // longer than two looks at the lock
    const whileHeld = [...steps]
    const tablesWhileHeld = Object.keys((await readSchema(other.sequelize)).tables)
    finish()
    await starting

    expect(whileHeld).toEqual(['Waiting for another Aurelius to update the database'])
    expect(tablesWhileHeld).not.toContain('users')
    expect(steps.filter((step) => step.startsWith('Updating'))).toHaveLength(migrations.length - 1)
    expect((await readSchema(other.sequelize)).tables).toEqual(TABLES)
  })
})
