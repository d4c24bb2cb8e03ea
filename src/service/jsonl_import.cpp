#include "weir/service/jsonl_import.h"

#include <algorithm>
#include <string>
#include <vector>

#include "weir/history/error.h"
#include "weir/history/event_json.h"

namespace weir::service {
namespace {

using Outcome = history::ImportResult::Outcome;

// One chunk is one transaction: large enough to be fast, small enough not to hold up other writers.
constexpr std::size_t kChunkLines = 1'000;
constexpr std::size_t kChunkBytes = 4 * 1024 * 1024;

/// Gathers lines to chunks and stores them.
class Importer {
 public:
  Importer(const LineSource& lines, history::ChatRepository& repository, const ImportListener& listener)
      : lines_(lines), repository_(repository), listener_(listener) {}

  void take(const Line& line) {
    progress_.lines = line.number;
    ++chunk_lines_;
    chunk_bytes_ += line.text.size();
    if (line.complaint) {
      rejections_.push_back({line.number, std::string(*line.complaint)});
    } else {
      parse(line);
    }
    if (chunk_lines_ >= kChunkLines || chunk_bytes_ >= kChunkBytes) send();
  }

  void send() {
    if (chunk_lines_ == 0) return;
    if (!events_.empty()) count(repository_.import_events(events_));
    tell_rejections();
    progress_.bytes = lines_.bytes_read();
    if (listener_.progressed) listener_.progressed(progress_);
    events_.clear();
    numbers_.clear();
    rejections_.clear();
    chunk_lines_ = 0;
    chunk_bytes_ = 0;
  }

  const ImportCounts& counts() const { return progress_.counts; }

 private:
  struct Rejection {
    std::uint64_t line;
    std::string reason;
  };

  void parse(const Line& line) {
    try {
      events_.push_back(history::parse_event(line.text));
      numbers_.push_back(line.number);
    } catch (const history::Error& error) {
      rejections_.push_back({line.number, error.what()});
    }
  }

  void count(const std::vector<history::ImportResult>& results) {
    for (std::size_t i = 0; i < results.size(); ++i) {
      switch (results[i].outcome) {
        case Outcome::kImported:
          ++progress_.counts.imported;
          break;
        case Outcome::kDuplicate:
          ++progress_.counts.duplicates;
          break;
        case Outcome::kRejected:
          rejections_.push_back({numbers_[i], results[i].reason});
          break;
      }
    }
  }

  void tell_rejections() {
    progress_.counts.rejected += rejections_.size();
    if (!listener_.rejected) return;
    std::sort(rejections_.begin(), rejections_.end(),
              [](const Rejection& a, const Rejection& b) { return a.line < b.line; });
    for (const auto& [line, reason] : rejections_)
      listener_.rejected("line " + std::to_string(line) + ": " + reason);
  }

  const LineSource& lines_;
  history::ChatRepository& repository_;
  const ImportListener& listener_;
  ImportProgress progress_;

  // The chunk being gathered.
  std::vector<history::ImportedEvent> events_;
  std::vector<std::uint64_t> numbers_;  // the line of each event
  std::vector<Rejection> rejections_;
  std::size_t chunk_lines_ = 0;
  std::size_t chunk_bytes_ = 0;
};

}  // namespace

ImportCounts import_jsonl(LineSource& lines, history::ChatRepository& repository,
                          const ImportListener& listener) {
  Importer importer(lines, repository, listener);
  const auto next = [&lines, &importer] {
    try {
      return lines.next();
    } catch (const history::Error&) {
      importer.send();  // what stands before the fault is whole
      throw;
    }
  };
  while (const auto line = next()) importer.take(*line);
  importer.send();
  return importer.counts();
}

}  // namespace weir::service
