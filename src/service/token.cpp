#include "weir/service/token.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "weir/history/error.h"

namespace weir::service {
namespace {

constexpr std::string_view kFileField = "server.token_file";
constexpr std::size_t kMinBytes = 16;
constexpr std::size_t kMaxBytes = 4096;

class OpenFile {
 public:
  // Not blocking, or a FIFO would hold the start-up.
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }

  int fd() const { return fd_; }

 private:
  int fd_;
};

void check_private(const OpenFile& file) {
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw history::invalid(kFileField, "must be a regular file that can be read");
  }
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    throw history::invalid(kFileField, "must be open to its owner alone (chmod 600)");
  }
}

std::string read_private_file(const std::string& path) {
  const OpenFile file(path);
  check_private(file);
  std::array<char, kMaxBytes + 1> buffer;
  const ssize_t count = ::read(file.fd(), buffer.data(), buffer.size());
  if (count < 0) throw history::invalid(kFileField, "must be a regular file that can be read");
  return {buffer.data(), static_cast<std::size_t>(count)};
}

void check_token(std::string_view field, std::string_view token) {
  const bool is_visible = std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (token.size() < kMinBytes || token.size() > kMaxBytes || !is_visible) {
    throw history::invalid(field, "must hold 16 to 4096 visible ASCII characters, without spaces");
  }
}

}  // namespace

std::optional<std::string> read_token(const ServerOptions& options) {
  if (options.token_file) {
    std::string token = read_private_file(*options.token_file);
    if (token.ends_with('\n')) token.pop_back();
    if (token.ends_with('\r')) token.pop_back();
    check_token(kFileField, token);
    return token;
  }
  const char* const variable = std::getenv("WEIR_TOKEN");
  if (variable == nullptr) return std::nullopt;
  check_token("WEIR_TOKEN", variable);
  return variable;
}

bool is_token(std::string_view given, const std::string& token) {
  // Every byte of the token is looked at, whatever was given: an early end would tell how far it was right.
  unsigned difference = given.size() == token.size() ? 0 : 1;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const char other = given.empty() ? '\0' : given[i % given.size()];
    difference |= static_cast<unsigned char>(token[i]) ^ static_cast<unsigned char>(other);
  }
  return difference == 0;
}

}  // namespace weir::service
