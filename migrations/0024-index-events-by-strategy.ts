import type { Migration } from './migration'

const TEXT = (value: string) => `CAST(${value} AS VARCHAR(255))`
const OF_STRATEGY = 'strategies.workspace_id, strategies.id AS strategy_id, strategies.name'

/** What a table tells that happened: when, to what, by whom, and how the event says it. */
interface Source {
  type: string
  from: string
  at: string
  subject: string
  actor: string
  data: string
  isMissing: string
}

const JOINED = (table: string) => `${table} JOIN strategies ON strategies.id = ${table}.strategy_id`
const UNTOLD = (types: string, subject: string) =>
  `${TEXT(subject)} NOT IN (SELECT subject_id FROM ledger_events WHERE type ${types} AND subject_id IS NOT NULL)`
const UNSAID = (data: string) =>
  `NOT EXISTS (SELECT 1 FROM ledger_events WHERE ledger_events.strategy_id = ${TEXT('strategies.id')} AND ${data})`

const SOURCES: Source[] = [
  {
    type: "'strategy.created'",
    from: 'strategies',
    at: 'strategies.created_at',
    subject: 'NULL',
    actor: 'strategies.owner_id',
    data: `'{"change":"created","version":1}'`,
    isMissing: `${TEXT('strategies.id')} NOT IN (SELECT strategy_id FROM ledger_events WHERE type = 'strategy.created')`,
  },
  {
    type: "'strategy.changed'",
    from: JOINED('strategy_versions'),
    at: 'strategy_versions.created_at',
    subject: 'NULL',
    actor: 'strategy_versions.author_id',
    data: `'{"change":"version","version":' || strategy_versions.version || '}'`,
    isMissing: `strategy_versions.version > 1 AND ${UNSAID(
      `data = '{"change":"version","version":' || strategy_versions.version || '}'`,
    )}`,
  },
  {
    type: "'strategy.changed'",
    from: 'strategies',
    at: 'strategies.archived_at',
    subject: 'NULL',
    actor: 'NULL',
    data: `'{"change":"archived","version":' || strategies.version || '}'`,
    isMissing: `strategies.archived_at IS NOT NULL AND ${UNSAID(`data LIKE '{"change":"archived"%'`)}`,
  },
  {
    type: "'backtest.' || CASE backtests.status WHEN 'running' THEN 'started' ELSE backtests.status END",
    from: JOINED('backtests'),
    at: 'COALESCE(backtests.completed_at, backtests.created_at)',
    subject: 'backtests.id',
    actor: 'backtests.author_id',
    data: "'{}'",
    isMissing: `backtests.status IN ('running', 'completed', 'failed') AND ${UNTOLD(
      "IN ('backtest.started', 'backtest.completed', 'backtest.failed')",
      'backtests.id',
    )}`,
  },
  {
    type: "'validation.completed'",
    from: JOINED('validations'),
    at: 'validations.created_at',
    subject: 'validations.id',
    actor: 'validations.author_id',
    data: `'{"verdict":"' || validations.verdict || '"}'`,
    isMissing: UNTOLD("= 'validation.completed'", 'validations.id'),
  },
  {
    type: "'gate.evaluated'",
    from: JOINED('gate_results'),
    at: 'gate_results.timestamp',
    subject: 'gate_results.id',
    actor: 'gate_results.author_id',
    data: `'{"gate":"' || gate_results.gate_type || '","verdict":"' || gate_results.verdict || '"}'`,
    isMissing: `gate_results.gate_type IN ('dev', 'crv', 'product') AND ${UNTOLD("= 'gate.evaluated'", 'gate_results.id')}`,
  },
  {
    type: "'promotion.requested'",
    from: JOINED('promotions'),
    at: 'promotions.requested_at',
    subject: 'promotions.id',
    actor: 'promotions.requested_by',
    data: `'{"to_stage":"' || promotions.to_stage || '"}'`,
    isMissing: UNTOLD("= 'promotion.requested'", 'promotions.id'),
  },
  {
    type: "'promotion.' || promotions.status",
    from: JOINED('promotions'),
    at: 'promotions.decided_at',
    subject: 'promotions.id',
    actor: 'promotions.decided_by',
    data: `'{"to_stage":"' || promotions.to_stage || '"}'`,
    isMissing: `promotions.status IN ('approved', 'declined') AND ${UNTOLD(
      "IN ('promotion.approved', 'promotion.declined')",
      'promotions.id',
    )}`,
  },
]

const MISSING = SOURCES.map(
  ({ type, from, at, subject, actor, data, isMissing }) =>
    `SELECT ${type} AS type, ${at} AS at, ${OF_STRATEGY}, ${TEXT(subject)} AS subject_id, ${TEXT(actor)} AS actor_id,
       ${data} AS data
     FROM ${from} WHERE strategies.workspace_id IS NOT NULL AND ${at} IS NOT NULL AND ${isMissing}`,
).join(' UNION ALL ')

/**
 * What happened to a strategy can be read newest first; how its runs got on is left out of that, and found by its age
 * to be forgotten. What was recorded before there were events, or told so long ago that it was forgotten, is told from
 * what was recorded: as the oldest events, so that the rest moves up.
 */
export const indexEventsByStrategy: Migration = {
  name: '0024-index-events-by-strategy',

  async up(schema, transaction) {
    const isPostgres = schema.sequelize.getDialect() === 'postgres'
    const run = (statement: string) => schema.sequelize.query(statement, { transaction })
    const [rows] = await run(`SELECT count(*) AS missing FROM (${MISSING}) AS happened`)
    const missing = Number((rows as { missing: unknown }[])[0]?.missing)
    if (missing > 0) {
      await run(`CREATE TEMPORARY TABLE happened AS ${MISSING}`)
      // By way of negative ids, because each has to be free when it is taken.
      await run(`UPDATE ledger_events SET id = -(id + ${missing})`)
      await run('UPDATE ledger_events SET id = -id')
      await run(
        `INSERT INTO ledger_events (id, type, at, workspace_id, strategy_id, strategy_name, subject_id, actor_id, data)
         SELECT row_number() OVER (ORDER BY at), type, at, workspace_id, strategy_id, name, subject_id, actor_id, data
         FROM happened`,
      )
      await run('DROP TABLE happened')
      await run(
        isPostgres
          ? `SELECT setval('ledger_events_id_seq', greatest((SELECT max(id) FROM ledger_events), nextval('ledger_events_id_seq')))`
          : `UPDATE sqlite_sequence SET seq = max(seq, (SELECT max(id) FROM ledger_events)) WHERE name = 'ledger_events'`,
      )
    }
    await run(
      `CREATE INDEX ix_ledger_events_strategy ON ledger_events (strategy_id, id) WHERE type <> 'backtest.progress'`,
    )
    await run(`CREATE INDEX ix_ledger_events_progress ON ledger_events (at) WHERE type = 'backtest.progress'`)
  },

  async down(schema, transaction) {
    for (const name of ['ix_ledger_events_strategy', 'ix_ledger_events_progress'])
      await schema.removeIndex('ledger_events', name, { transaction })
  },
}
