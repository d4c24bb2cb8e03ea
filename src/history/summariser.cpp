#include "weir/history/summariser.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "weir/history/utf8.h"

namespace weir::history {
namespace {

constexpr std::size_t kLongestSentence = 160;
// Shorter words, as "the" and "is", say nothing of what is talked about.
constexpr std::size_t kShortestWord = 4;

struct Sentence {
  Role speaker;
  std::string text;
  std::size_t place;  // among all, in order
  double score = 0;
};

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool ends_sentence(std::string_view text, std::size_t at) {
  const bool is_stop = text[at] == '.' || text[at] == '!' || text[at] == '?';
  return text[at] == '\n' || (is_stop && (at + 1 == text.size() || is_space(text[at + 1])));
}

std::string trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return std::string(first_characters(text, kLongestSentence));
}

Role speaker_of(const Event& message) {
  return message.type == EventType::kUserMessage ? Role::kUser : Role::kAssistant;
}

void split(const Event& message, std::vector<Sentence>& sentences) {
  if (!message.content) return;
  const std::string text = message.content->text_of_parts("\n");
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 < text.size() && !ends_sentence(text, i)) continue;
    std::string sentence = trimmed(std::string_view(text).substr(begin, i + 1 - begin));
    if (!sentence.empty()) sentences.push_back({speaker_of(message), std::move(sentence), sentences.size()});
    begin = i + 1;
  }
}

/// Letters of other scripts are kept as they are: each counts as part of a word.
std::vector<std::string> words_of(std::string_view sentence) {
  std::vector<std::string> words(1);
  for (const char c : sentence) {
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_letter = is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c < 0;
    if (is_letter) {
      words.back() += static_cast<char>(is_upper ? c - 'A' + 'a' : c);
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  std::erase_if(words, [](const std::string& word) { return word.size() < kShortestWord; });
  return words;
}

/// The mean of how often the sentence's words occur.
void score(std::vector<Sentence>& sentences) {
  std::map<std::string, double> occurrences;
  for (const Sentence& sentence : sentences) {
    for (const std::string& word : words_of(sentence.text)) ++occurrences[word];
  }
  for (Sentence& sentence : sentences) {
    const auto words = words_of(sentence.text);
    for (const std::string& word : words) sentence.score += occurrences[word];
    if (!words.empty()) sentence.score /= static_cast<double>(words.size());
  }
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string line_of(const Sentence& sentence) {
  return std::string(to_string(sentence.speaker)) + ": " + sentence.text;
}

}  // namespace

std::string ExtractiveSummariser::summarise(const std::vector<Event>& messages) {
  std::vector<Sentence> sentences;
  for (const Event& message : messages) split(message, sentences);
  score(sentences);
  std::ranges::stable_sort(sentences, std::ranges::greater(), &Sentence::score);
  std::map<std::size_t, std::string> chosen;
  std::set<std::string> seen;
  std::size_t left = kSummaryCharacters;
  for (const Sentence& sentence : sentences) {
    std::string line = line_of(sentence);
    const std::size_t cost = characters(line) + 1;
    if (cost > left || !seen.insert(line).second) continue;
    left -= cost;
    chosen.emplace(sentence.place, std::move(line));
  }
  std::string summary;
  for (const auto& [place, line] : chosen) summary += (summary.empty() ? "" : "\n") + line;
  return summary;
}

}  // namespace weir::history
