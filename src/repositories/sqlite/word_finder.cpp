#include "weir/repositories/sqlite/word_finder.h"

#include <array>

#include "weir/repositories/sqlite/sqlite_error.h"

namespace weir::repositories::sqlite {
namespace {

/// As FTS5's documentation obtains it; null when it is not there.
fts5_api* find_api(sqlite3* db) {
  sqlite3_stmt* statement = nullptr;
  fts5_api* api = nullptr;
  if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
    sqlite3_step(statement);
  }
  sqlite3_finalize(statement);
  return api;
}

int note_word(void* found, int, const char*, int, int, int) {
  *static_cast<bool*>(found) = true;
  return SQLITE_DONE;  // no further one is asked for
}

}  // namespace

WordFinder::WordFinder(sqlite3* db) {
  fts5_api* const api = find_api(db);
  if (api == nullptr) throw_error(db, "looking for FTS5");
  std::array<const char*, 2> arguments = {"remove_diacritics", "2"};
  void* context = nullptr;
  const bool is_made = api->xFindTokenizer(api, "unicode61", &context, &methods_) == SQLITE_OK &&
                       methods_.xCreate(context, arguments.data(), static_cast<int>(arguments.size()),
                                        &tokenizer_) == SQLITE_OK;
  if (!is_made) throw SqliteError(SQLITE_NOMEM, "making a tokenizer");
}

WordFinder::~WordFinder() {
  methods_.xDelete(tokenizer_);
}

bool WordFinder::has_word(std::string_view text) const {
  bool found = false;
  methods_.xTokenize(tokenizer_, &found, FTS5_TOKENIZE_QUERY, text.data(), static_cast<int>(text.size()),
                     note_word);
  return found;
}

}  // namespace weir::repositories::sqlite
