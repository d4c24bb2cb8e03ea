#include <unistd.h>

#include <iostream>

#include "weir/commands/commands.h"
#include "weir/commands/logging.h"
#include "weir/commands/store.h"
#include "weir/history/error.h"
#include "weir/history/json_writer.h"
#include "weir/service/jsonl_import.h"

namespace weir::commands {
namespace {

void print_counts(const service::ImportCounts& counts) {
  std::string line;
  history::JsonWriter json(line);
  json.begin_object();
  json.key("imported").unsigned_integer(counts.imported);
  json.key("duplicates").unsigned_integer(counts.duplicates);
  json.key("rejected").unsigned_integer(counts.rejected);
  json.end_object();
  std::cout << line << '\n';
}

/// Complaints on stderr, on a terminal a line that shows how far it is, and at the end the counts on stdout.
class Reporter {
 public:
  service::ImportListener listener() {
    return {[this](std::string_view complaint) { complain(complaint); },
            [this](const service::ImportProgress& progress) {
              committed_ = progress.counts;
              show(progress);
            }};
  }
  void end() const {
    if (shows_progress_) std::cerr << '\n';
    print_counts(committed_);
  }

 private:
  void complain(std::string_view complaint) const {
    if (shows_progress_) std::cerr << '\r';
    std::cerr << complaint << '\n';
  }
  void show(const service::ImportProgress& progress) const {
    if (!shows_progress_) return;
    std::cerr << '\r' << progress.lines << " lines, " << progress.counts.imported << " imported, "
              << progress.counts.duplicates << " duplicates, " << progress.counts.rejected << " rejected"
              << std::flush;
  }

  service::ImportCounts committed_;
  const bool shows_progress_ = ::isatty(STDERR_FILENO) == 1;
};

}  // namespace

ExitStatus import_events(const ConfigArguments& config, const std::string& file) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  service::LineSource lines(
      file);  // before the database is made: a file that is absent leaves nothing behind
  repositories::Observer unobserved;
  Store store(config::without_upkeep(*settings), Sharing::kExclusive, unobserved);
  Reporter reporter;
  try {
    const service::ImportCounts counts =
        service::import_jsonl(lines, store.repository(), reporter.listener());
    reporter.end();
    return counts.rejected == 0 ? kFine : kFailed;
  } catch (...) {
    reporter.end();
    throw;
  }
}

}  // namespace weir::commands
