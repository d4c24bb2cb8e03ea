#include "weir/commands/copy.h"

#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "weir/commands/stop_request.h"
#include "weir/history/error.h"
#include "weir/history/json_writer.h"

namespace weir::commands {
namespace {

using repositories::sqlite::ContentCounts;
using repositories::sqlite::CopyListener;
using repositories::sqlite::CopyRequest;
using repositories::sqlite::CopyStep;

void print_step(CopyStep step) {
  if (step == CopyStep::kSourceChecked) std::cerr << "the backup is sound\n";
  if (step == CopyStep::kCopied) std::cerr << "all is copied and on the disk\n";
  if (step == CopyStep::kChecked) std::cerr << "the copy is sound\n";
}

/// On a terminal, a line each time another hundredth is done.
class ProgressLine {
 public:
  void show(const CopyListener::Progress& far) {
    const std::int64_t share = far.pages == 0 ? kWhole : far.done * kWhole / far.pages;
    if (!is_shown_ || share == last_) return;
    last_ = share;
    std::cerr << '\r' << share << " % of " << far.pages << " pages" << (far.done == far.pages ? "\n" : "")
              << std::flush;
  }

 private:
  static constexpr std::int64_t kWhole = 100;

  const bool is_shown_ = ::isatty(STDERR_FILENO) == 1;
  std::int64_t last_ = -1;
};

void print_counts(const ContentCounts& counts, std::uint64_t bytes) {
  std::string line;
  history::JsonWriter json(line);
  json.begin_object();
  json.key("conversations").integer(counts.conversations);
  json.key("events").integer(counts.events);
  json.key("bytes").unsigned_integer(bytes);
  json.end_object();
  std::cout << line << '\n';
}

}  // namespace

void copy_and_tell(const CopyRequest& request) {
  const StopRequest stop;
  ProgressLine line;
  const CopyListener listener{.progress = [&line](const auto& far) { line.show(far); },
                              .step = print_step,
                              .is_stopped = [&stop] { return stop.is_there(); }};
  try {
    const ContentCounts counts = copy_database(request, listener);
    print_counts(counts, std::filesystem::file_size(request.to));
  } catch (const history::Error& error) {
    if (error.code() != history::ErrorCode::kTimeout) throw;
    throw history::Error(error.code(), "given up as asked; nothing is left of the copy");
  }
}

}  // namespace weir::commands
