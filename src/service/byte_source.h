#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct z_stream_s;

namespace weir::service {

/// The bytes of a file or of standard input, inflated where they begin as gzip does.
///
/// Thread-safety: none.
/// Blocking: next() waits for the file.
/// Errors: history::Error: kNotFound when the file cannot be opened, kUnavailable when it cannot be read,
///   kDamaged when its gzip data is damaged or ends too early; bytes before the fault are handed out
///   first.
class ByteSource {
 public:
  /// Opens `path`; `-` is standard input.
  explicit ByteSource(const std::string& path);
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ~ByteSource();

  /// The next bytes, which stand until the next call; none at the end.
  std::string_view next();

  /// How much of the file was read, compressed as it is.
  std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  struct EndInflate {
    void operator()(z_stream_s* stream) const;
  };

  /// Reads on into `input_`, after what it holds. False at the end of the file.
  bool read_more();
  void inflate_if_gzip();
  std::string_view next_inflated();
  /// False when nothing more can come out.
  bool inflate_step();

  std::string path_;
  int file_ = -1;
  std::uint64_t bytes_read_ = 0;
  std::vector<char> buffer_;
  std::string_view input_;                          // what of buffer_ was not used yet
  std::unique_ptr<z_stream_s, EndInflate> stream_;  // absent: the bytes are handed out as they are
  bool inside_member_ = false;
  std::string_view fault_;  // what is wrong with the gzip data; told when all that came before is handed out
  std::vector<char> inflated_;
};

}  // namespace weir::service
