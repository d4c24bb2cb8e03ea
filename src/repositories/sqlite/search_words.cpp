#include "weir/repositories/sqlite/search_words.h"

#include <algorithm>
#include <array>

#include "weir/history/error.h"
#include "weir/history/search_repository.h"
#include "weir/history/utf8.h"
#include "weir/repositories/sqlite/word_finder.h"

namespace weir::repositories::sqlite {
namespace {

using history::invalid;

constexpr std::string_view kField = "q";

constexpr bool is_ascii_space(char c) {
  return (c >= '\0' && c <= ' ') || c == '\x7f';
}

/// The bytes of the white space or control character that `text` begins with; 0 when it begins with another.
std::size_t space_length(std::string_view text) {
  constexpr std::array<std::string_view, 18> kSpaces = {
      "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005",
      "\u2006", "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u3000"};
  if (is_ascii_space(text.front())) return 1;
  const auto found =
      std::ranges::find_if(kSpaces, [&](std::string_view space) { return text.starts_with(space); });
  return found == kSpaces.end() ? 0 : found->size();
}

/// Takes the next word off the front of `text`; empty at its end.
std::string_view take_word(std::string_view& text) {
  while (!text.empty() && space_length(text) > 0) text.remove_prefix(space_length(text));
  std::size_t end = 0;
  while (end < text.size() && space_length(text.substr(end)) == 0) ++end;
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

void append_phrase(std::string& match, std::string_view word) {
  if (!match.empty()) match += ' ';
  match += '"';
  for (const char c : word) {
    match += c;
    if (c == '"') match += c;
  }
  match += word.ends_with('*') ? "\" *" : "\"";
}

}  // namespace

std::string to_match(Connection& connection, std::string_view words) {
  if (words.size() > history::kMaxSearchBytes) {
    throw invalid(kField, "must have at most " + std::to_string(history::kMaxSearchBytes) + " bytes");
  }
  if (!history::is_utf8(words)) throw invalid(kField, "must be UTF-8");
  const WordFinder finder(connection.handle());
  std::string match;
  std::size_t count = 0;
  for (auto word = take_word(words); !word.empty(); word = take_word(words)) {
    if (!finder.has_word(word)) continue;
    if (++count > history::kMaxSearchWords) {
      throw invalid(kField, "must have at most " + std::to_string(history::kMaxSearchWords) + " words");
    }
    append_phrase(match, word);
  }
  if (match.empty()) throw invalid(kField, "must hold a word");
  return match;
}

}  // namespace weir::repositories::sqlite
