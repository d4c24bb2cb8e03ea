#include "weir/service/byte_source.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "weir/history/error.h"

namespace weir::service {
namespace {

using history::Error;
using history::ErrorCode;

constexpr std::size_t kChunkBytes = 256 * 1024;

int open_input(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw Error(ErrorCode::kNotFound, "cannot open " + path + ": " + std::strerror(errno));
  return file;
}

}  // namespace

ByteSource::ByteSource(const std::string& path)
    : path_(path), file_(open_input(path)), buffer_(kChunkBytes), input_(buffer_.data(), 0) {}

ByteSource::~ByteSource() {
  if (file_ != STDIN_FILENO) ::close(file_);
}

std::string_view ByteSource::next() {
  if (bytes_read_ == 0) inflate_if_gzip();
  if (stream_) return next_inflated();
  if (input_.empty()) read_more();
  return std::exchange(input_, {});
}

bool ByteSource::read_more() {
  const std::size_t kept = input_.size();
  if (kept > 0) std::memmove(buffer_.data(), input_.data(), kept);  // of nothing not even null
  ssize_t got = 0;
  do {
    got = ::read(file_, buffer_.data() + kept, buffer_.size() - kept);
  } while (got < 0 && errno == EINTR);
  if (got < 0) throw Error(ErrorCode::kUnavailable, "cannot read " + path_ + ": " + std::strerror(errno));
  bytes_read_ += static_cast<std::uint64_t>(got);
  input_ = {buffer_.data(), kept + static_cast<std::size_t>(got)};
  return got > 0;
}

void ByteSource::inflate_if_gzip() {
  constexpr std::string_view kMagic = "\x1f\x8b";
  // A pipe may hand out less than the two bytes at first.
  while (input_.size() < kMagic.size() && read_more()) {
  }
  if (!input_.starts_with(kMagic)) return;
  constexpr int kGzipOnly = 15 + 16;
  stream_.reset(new z_stream{});
  if (inflateInit2(stream_.get(), kGzipOnly) != Z_OK) throw Error(ErrorCode::kInternal, "zlib cannot start");
  inflated_.resize(kChunkBytes);
}

std::string_view ByteSource::next_inflated() {
  stream_->next_out = reinterpret_cast<Bytef*>(inflated_.data());
  stream_->avail_out = static_cast<uInt>(inflated_.size());
  while (stream_->avail_out > 0 && inflate_step()) {
  }
  const std::size_t size = inflated_.size() - stream_->avail_out;
  if (size == 0 && !fault_.empty()) throw Error(ErrorCode::kDamaged, "the gzip data " + std::string(fault_));
  return {inflated_.data(), size};
}

bool ByteSource::inflate_step() {
  if (!fault_.empty()) return false;
  if (input_.empty() && !read_more()) {
    if (inside_member_) fault_ = "ends too early";
    return false;
  }
  stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
  stream_->avail_in = static_cast<uInt>(input_.size());
  const int result = inflate(stream_.get(), Z_NO_FLUSH);
  input_.remove_prefix(input_.size() - stream_->avail_in);
  inside_member_ = result != Z_STREAM_END;
  if (result == Z_STREAM_END) inflateReset(stream_.get());  // another member may follow
  if (inside_member_ && result != Z_OK) fault_ = "is damaged";
  return fault_.empty();
}

void ByteSource::EndInflate::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  delete stream;
}

}  // namespace weir::service
