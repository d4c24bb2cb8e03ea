#include "weir/history/title.h"

#include "weir/history/id.h"
#include "weir/history/utf8.h"

namespace weir::history {
namespace {

bool is_blank(unsigned char byte) {
  return byte <= 0x20 || byte == 0x7F;
}

/// The C1 control characters, U+0080 to U+009F, are two bytes in UTF-8.
bool begins_c1_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) < 0xA0;
}

/// The words of the beginning of `text`, each parted from the next by one space.
std::string words_of(std::string_view text) {
  std::string words;
  // Nobody needs more of a long message: four bytes are the longest character.
  constexpr std::size_t kEnough = 4 * kTitleCharacters + 4;
  while (!text.empty() && words.size() < kEnough) {
    const bool is_c1 = begins_c1_control(text);
    if (is_c1 || is_blank(static_cast<unsigned char>(text.front()))) {
      if (!words.empty() && words.back() != ' ') words += ' ';
    } else {
      words += text.front();
    }
    text.remove_prefix(is_c1 ? 2 : 1);
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

}  // namespace

std::optional<std::string> title_from(std::string_view message) {
  const std::string words = words_of(message);
  if (words.empty()) return std::nullopt;
  const std::string_view title = first_characters(words, kTitleCharacters);
  if (title.size() == words.size() || words[title.size()] == ' ') return std::string(title);
  // A word longer than a title is all there is to show.
  const std::size_t space = title.find_last_of(' ');
  return std::string(title.substr(0, space));
}

void check_title(std::string_view title) {
  check_id("title", title);
}

}  // namespace weir::history
