#pragma once

#include "weir/repositories/sqlite/conversation_statements.h"
#include "weir/repositories/sqlite/deletion_statements.h"
#include "weir/repositories/sqlite/event_statements.h"
#include "weir/repositories/sqlite/personality_statements.h"
#include "weir/repositories/sqlite/retention_statements.h"
#include "weir/repositories/sqlite/search_statements.h"
#include "weir/repositories/sqlite/settings_statements.h"
#include "weir/repositories/sqlite/summary_statements.h"
#include "weir/repositories/sqlite/transaction_statements.h"
#include "weir/repositories/sqlite/upkeep_statements.h"

namespace weir::repositories::sqlite {

/// Everything that is ever asked of a connection, each prepared on its first use.
///
/// Thread-safety: as its connection.
struct Statements {
  explicit Statements(sqlite3* the_db) : db(the_db) {}

  sqlite3* db;
  EventStatements events{db};
  ConversationStatements conversations{db};
  DeletionStatements deletions{db};
  SummaryStatements summaries{db};
  SettingsStatements settings{db};
  PersonalityStatements personality{db};
  SearchStatements search{db};
  RetentionStatements retention{db};
  TransactionStatements transactions{db};
  UpkeepStatements upkeep{db};
};

}  // namespace weir::repositories::sqlite
