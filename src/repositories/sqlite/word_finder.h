#pragma once

#include <sqlite3.h>

#include <string_view>

namespace weir::repositories::sqlite {

/// Tells what the full-text index takes for a word: it asks the tokenizer that the index is made with.
///
/// Thread-safety: as its connection. Lifetime: `db` outlives it. Errors: SqliteError from the constructor.
class WordFinder {
 public:
  explicit WordFinder(sqlite3* db);
  WordFinder(const WordFinder&) = delete;
  WordFinder& operator=(const WordFinder&) = delete;
  ~WordFinder();

  /// Whether `text` holds a letter or a digit of any script.
  bool has_word(std::string_view text) const;

 private:
  fts5_tokenizer methods_{};
  Fts5Tokenizer* tokenizer_ = nullptr;
};

}  // namespace weir::repositories::sqlite
