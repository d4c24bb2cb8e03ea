#pragma once

#include "weir/repositories/sqlite/statement.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of the tables of traits.
struct PersonalityStatements {
  explicit PersonalityStatements(sqlite3* db) : db_(db) {}

  sqlite3* db_;

  Statement of_user{db_,
                    "SELECT number, dimension, value, confidence, updates, context, updated_at FROM traits"
                    " WHERE user = ?1 ORDER BY dimension"};
  Statement find{db_,
                 "SELECT number, dimension, value, confidence, updates, context, updated_at FROM traits"
                 " WHERE user = ?1 AND dimension = ?2"};
  Statement count{db_, "SELECT count(*) FROM traits WHERE user = ?1"};
  Statement put{
      db_,
      "INSERT INTO traits(user, dimension, value, confidence, updates, context, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
      " ON CONFLICT (user, dimension) DO UPDATE SET value = excluded.value, confidence = excluded.confidence,"
      " updates = excluded.updates, context = excluded.context, updated_at = excluded.updated_at"
      " RETURNING number"};

  Statement changes{db_,
                    "SELECT value, confidence, context, request_id, updated_at FROM trait_changes"
                    " WHERE trait = (SELECT number FROM traits WHERE user = ?1 AND dimension = ?2)"
                    " ORDER BY number DESC LIMIT ?3"};
  Statement by_request{db_, "SELECT 1 FROM trait_changes WHERE trait = ?1 AND request_id = ?2"};
  Statement add_change{
      db_,
      "INSERT INTO trait_changes(trait, number, value, confidence, context, request_id, updated_at)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"};
  // What has a request_id stays: to know it again when it is repeated.
  Statement forget_change{
      db_, "DELETE FROM trait_changes WHERE trait = ?1 AND number = ?2 AND request_id IS NULL"};
};

}  // namespace weir::repositories::sqlite
