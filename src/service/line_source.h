#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/service/byte_source.h"

namespace weir::service {

struct Line {
  std::uint64_t number;   ///< from 1; blank lines count
  std::string_view text;  ///< without its end, LF or CR LF; empty when there is a complaint
  std::optional<std::string_view> complaint{};  ///< why the line was not read
};

/// The lines of a file or of standard input, gzipped or not, one at a time; blank ones are passed over.
///
/// Thread-safety: none.
/// Blocking: next() waits for the file.
/// Errors: history::Error as ByteSource gives it, with the number of the line in front. A line longer than
///   kMaxLineBytes is none: it is passed over and handed out as a complaint.
class LineSource {
 public:
  static constexpr std::size_t kMaxLineBytes = 16 * 1024 * 1024;

  /// Opens `path`; `-` is standard input.
  explicit LineSource(const std::string& path) : bytes_(path) {}

  /// The next line, which stands until the next call; absent at the end.
  std::optional<Line> next();

  /// How much of the file was read, compressed as it is.
  std::uint64_t bytes_read() const { return bytes_.bytes_read(); }

 private:
  std::optional<Line> next_raw();
  /// Reads on. False at the end.
  bool fill();
  void keep(std::string_view part);
  Line unfinished_line() const;

  ByteSource bytes_;
  std::string_view chunk_;    // what was read and not yet handed out
  std::string unfinished_;    // a line that spans chunks
  bool is_too_long_ = false;  // that line is; what it held was dropped
  std::uint64_t number_ = 0;  // of the line that was begun last
};

}  // namespace weir::service
