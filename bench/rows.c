/* What a million rows cost at least: prepared, in one transaction, from numbers that are in memory.
   cc -O2 rows.c -lsqlite3; rows <database> <points|trades> <count>; prints the milliseconds. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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
  if (count != 4) return 64;
  int is_points = strcmp(words[2], "points") == 0;
  int columns = is_points ? 2 : 7;
  long rows = atol(words[3]);
  double *numbers = malloc(sizeof(double) * rows * columns);
  for (long at = 0; at < rows * columns; at += 1) numbers[at] = 1577836800000.0 + at * 60000.0 + at / 3.0;

  sqlite3 *db;
  sqlite3_stmt *insert;
  must(sqlite3_open(words[1], &db), db);
  must(sqlite3_exec(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", 0, 0, 0), db);
  must(sqlite3_exec(db,
                    is_points ? "CREATE TABLE points (run INTEGER, time REAL, equity REAL)"
                              : "CREATE TABLE trades (run INTEGER, instrument TEXT, a REAL, b REAL, c REAL, d REAL, "
                                "e REAL, f REAL, g REAL)",
                    0, 0, 0),
       db);
  must(sqlite3_prepare_v2(db,
                          is_points ? "INSERT INTO points VALUES (1, ?, ?)"
                                    : "INSERT INTO trades VALUES (1, 'EURUSD', ?, ?, ?, ?, ?, ?, ?)",
                          -1, &insert, 0),
       db);
  double started = now();
  must(sqlite3_exec(db, "BEGIN", 0, 0, 0), db);
  for (long row = 0; row < rows; row += 1) {
    for (int column = 0; column < columns; column += 1)
      must(sqlite3_bind_double(insert, column + 1, numbers[row * columns + column]), db);
    must(sqlite3_step(insert), db);
    must(sqlite3_reset(insert), db);
  }
  must(sqlite3_exec(db, "COMMIT", 0, 0, 0), db);
  printf("%.3f\n", now() - started);
  return 0;
}
