/* What a million rows cost at least: prepared, in one transaction, from numbers that are in memory, in the table that
   would be there if rows were stored as rows: it names its run as every table does, by a UUID, and has the index that
   reads one run in order. `bare` leaves both out.
   cc -O2 rows.c -lsqlite3; rows <database> <points|trades> <keyed|bare> <count>; prints the milliseconds. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RUN "0f8fad5b-d9cb-469f-a165-70867728950e"

struct table {
  const char *schema, *insert;
  int numbers;
};

static const struct table POINTS = {"CREATE TABLE rows (backtest_id VARCHAR(255) NOT NULL, time DOUBLE NOT NULL, "
                                    "equity DOUBLE NOT NULL, PRIMARY KEY (backtest_id, time))",
                                    "INSERT INTO rows VALUES (?, ?, ?)", 2};
static const struct table TRADES = {
    "CREATE TABLE rows (backtest_id VARCHAR(255) NOT NULL, position INTEGER NOT NULL, instrument VARCHAR(255) NOT "
    "NULL, a DOUBLE NOT NULL, b DOUBLE NOT NULL, c DOUBLE NOT NULL, d DOUBLE NOT NULL, e DOUBLE NOT NULL, f DOUBLE "
    "NOT NULL, g DOUBLE NOT NULL, PRIMARY KEY (backtest_id, position))",
    "INSERT INTO rows (backtest_id, a, b, c, d, e, f, g, position, instrument) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "'EURUSD')",
    7};
static const struct table BARE_POINTS = {"CREATE TABLE rows (run INTEGER, time REAL, equity REAL)",
                                         "INSERT INTO rows VALUES (1, ?, ?)", 2};
static const struct table BARE_TRADES = {
    "CREATE TABLE rows (run INTEGER, instrument TEXT, a REAL, b REAL, c REAL, d REAL, e REAL, f REAL, g REAL)",
    "INSERT INTO rows VALUES (1, 'EURUSD', ?, ?, ?, ?, ?, ?, ?)", 7};

static void must(int code, sqlite3 *db) {
  if (code == SQLITE_OK || code == SQLITE_DONE) return;
  fprintf(stderr, "%s\n", sqlite3_errmsg(db));
  exit(1);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

int main(int count, char **words) {
  if (count != 5) return 64;
  int is_points = strcmp(words[2], "points") == 0;
  int is_keyed = strcmp(words[3], "keyed") == 0;
  struct table table = is_keyed ? (is_points ? POINTS : TRADES) : (is_points ? BARE_POINTS : BARE_TRADES);
  int columns = table.numbers;
  long rows = atol(words[4]);
  double *numbers = malloc(sizeof(double) * rows * columns);
  for (long at = 0; at < rows * columns; at += 1) numbers[at] = 1577836800000.0 + at * 60000.0 + at / 3.0;

  sqlite3 *db;
  sqlite3_stmt *insert;
  must(sqlite3_open(words[1], &db), db);
  must(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", 0, 0, 0), db);
  must(sqlite3_exec(db, table.schema, 0, 0, 0), db);
  must(sqlite3_prepare_v2(db, table.insert, -1, &insert, 0), db);
  if (is_keyed) must(sqlite3_bind_text(insert, 1, RUN, -1, SQLITE_STATIC), db);
  double started = now();
  must(sqlite3_exec(db, "BEGIN", 0, 0, 0), db);
  for (long row = 0; row < rows; row += 1) {
    for (int column = 0; column < columns; column += 1)
      must(sqlite3_bind_double(insert, column + 1 + is_keyed, numbers[row * columns + column]), db);
    if (is_keyed && !is_points) must(sqlite3_bind_int64(insert, columns + 2, row), db);
    must(sqlite3_step(insert), db);
    must(sqlite3_reset(insert), db);
  }
  must(sqlite3_exec(db, "COMMIT", 0, 0, 0), db);
  printf("%.3f\n", now() - started);
  return 0;
}
