import type { DatabaseConfig } from '../../server/config'
import { administer } from './postgres-database'
import { makeSqliteFile } from './sqlite-file'

/** Hashes that bcrypt made of them as they are, without the preparation that Aurelius gives to a password. */
export const OLD_PASSWORD = 'correct horse battery'
export const OTHER_OLD_PASSWORD = 'another old password'
const OLD_HASH = '$2b$04$w58O1l3JxoZOhNrAHMUefuIkzqjDSbro96gFLCrx0S4jNVt9unHsq'
const OLD_HASH_OF_USUAL_COST = '$2b$12$Yle4O1oXOFMZvfivPdjzB.5T51pLLO9uX1xlsCGMzypkmwbpMWGGG'
const OTHER_OLD_HASH = '$2b$04$7oGazJJHscj5KAqztrz0H.qd2KgmTREc2m7OUw3RuOtICsw9YfQ6C'

export interface PythonFlavour {
  /** Column type of instants. */
  instant?: string
  /** Column type of user ids. */
  userId?: string
  /** Column type of password hashes. */
  hash?: string
  /** What makes e-mail addresses unique, and the index of the seed's name. */
  emailIndex?: string
}

const UNIQUE_INDEX = 'CREATE UNIQUE INDEX ix_users_email ON users (email)'

/** The tables as SQLAlchemy and alembic make them, with rows as the Python system leaves them. */
export function pythonScript({
  instant = 'DATETIME',
  userId = 'VARCHAR',
  hash = 'VARCHAR',
  emailIndex = UNIQUE_INDEX,
}: PythonFlavour = {}): string {
  return `
    CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
    INSERT INTO alembic_version VALUES ('002_add_users');
    CREATE TABLE strategies (
      id VARCHAR NOT NULL, name VARCHAR NOT NULL, description TEXT, strategy_type VARCHAR NOT NULL, confidence FLOAT,
      parameters JSON, status VARCHAR, created_at ${instant}, updated_at ${instant}, PRIMARY KEY (id)
    );
    CREATE TABLE backtests (
      id VARCHAR NOT NULL, strategy_id VARCHAR NOT NULL, start_date VARCHAR NOT NULL, end_date VARCHAR NOT NULL,
      initial_capital FLOAT NOT NULL, instruments JSON, seed INTEGER, data_source VARCHAR, status VARCHAR,
      error_message TEXT, metrics JSON, trades JSON, equity_curve JSON, created_at ${instant},
      completed_at ${instant}, duration_seconds FLOAT,
      PRIMARY KEY (id), FOREIGN KEY(strategy_id) REFERENCES strategies (id)
    );
    CREATE INDEX ix_backtests_strategy_id ON backtests (strategy_id);
    CREATE TABLE validations (
      id VARCHAR NOT NULL, strategy_id VARCHAR NOT NULL, start_date VARCHAR NOT NULL, end_date VARCHAR NOT NULL,
      window_size_days INTEGER, train_size_days INTEGER, initial_capital FLOAT, status VARCHAR, error_message TEXT,
      windows JSON, metrics JSON, num_windows INTEGER, avg_train_sharpe FLOAT, avg_test_sharpe FLOAT,
      avg_degradation FLOAT, stability_score FLOAT, passed BOOLEAN, created_at ${instant}, completed_at ${instant},
      duration_seconds FLOAT, PRIMARY KEY (id), FOREIGN KEY(strategy_id) REFERENCES strategies (id)
    );
    CREATE TABLE gate_results (
      id VARCHAR NOT NULL, strategy_id VARCHAR NOT NULL, gate_type VARCHAR NOT NULL, passed BOOLEAN,
      timestamp ${instant}, results JSON, production_ready BOOLEAN, recommendation VARCHAR,
      PRIMARY KEY (id), FOREIGN KEY(strategy_id) REFERENCES strategies (id)
    );
    CREATE TABLE users (
      id ${userId} NOT NULL, email VARCHAR NOT NULL, name VARCHAR NOT NULL, hashed_password ${hash} NOT NULL,
      is_active BOOLEAN, is_admin BOOLEAN, created_at ${instant}, updated_at ${instant}, PRIMARY KEY (id)
    );
    ${emailIndex};
    CREATE INDEX ix_users_is_active ON users (is_active);

    INSERT INTO strategies (id, name, strategy_type, parameters, status, created_at) VALUES
      ('5a0c7f0e-0000-4000-8000-000000000001', 'Momentum', 'momentum', '{"window": 20}', 'active', '2026-01-31 09:00:00.000000');
    INSERT INTO backtests (id, strategy_id, start_date, end_date, initial_capital, equity_curve, status, created_at) VALUES
      ('b0000000-0000-4000-8000-000000000001', '5a0c7f0e-0000-4000-8000-000000000001', '2020-01-01', '2025-12-31',
       100000.0, '[100000.0, 101000.5]', 'completed', '2026-01-31 09:30:00.000000');
    INSERT INTO validations (id, strategy_id, start_date, end_date) VALUES
      ('70000000-0000-4000-8000-000000000001', '5a0c7f0e-0000-4000-8000-000000000001', '2020-01-01', '2025-12-31');
    INSERT INTO gate_results (id, strategy_id, gate_type, passed) VALUES
      ('90000000-0000-4000-8000-000000000001', '5a0c7f0e-0000-4000-8000-000000000001', 'dev', TRUE);
    INSERT INTO users VALUES
      ('a0000000-0000-4000-8000-000000000001', 'Ada.Lovelace@Example.com', 'Ada', '${OLD_HASH_OF_USUAL_COST}', TRUE, TRUE, '2026-02-01 12:00:00.000000', NULL),
      ('a0000000-0000-4000-8000-000000000002', 'bob@example.com', 'Bob', '${OLD_HASH}', TRUE, FALSE, '2026-02-01 13:30:00.123456', '2026-02-02 00:00:00.000000'),
      ('a0000000-0000-4000-8000-000000000003', 'EVE@example.com', 'Eve the younger', '${OTHER_OLD_HASH}', TRUE, FALSE, '2026-02-03 00:00:00.000000', NULL),
      ('a0000000-0000-4000-8000-000000000004', 'Eve@example.com', 'Eve the elder', '${OLD_HASH}', TRUE, FALSE, '2026-02-02 00:00:00.000000', NULL),
      ('a0000000-0000-4000-8000-000000000005', 'Nil@example.com', 'Nil', '${OLD_HASH}', NULL, NULL, NULL, NULL),
      ('a0000000-0000-4000-8000-000000000006', 'late@example.com', 'Late', '${OLD_HASH}', TRUE, NULL, NULL, '2026-01-05 06:07:08.000000');
  `
}

/** Puts the Python system's database where a server will look for its own. */
export function makePythonDatabase(config: DatabaseConfig, script: string): Promise<unknown> {
  return config.dialect === 'sqlite' ? makeSqliteFile(config.storage, script) : administer(script, config.name)
}
