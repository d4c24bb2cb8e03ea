#include "weir/config/config_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace weir::config {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int number() const { return number_; }

 private:
  const int number_;
};

std::string last_error() {
  return "cannot be read: " + std::generic_category().message(errno);
}

/// A link that leads nowhere was put there on purpose: it is not the same as no file.
bool is_absent(const std::filesystem::path& file) {
  struct stat entry {};
  return errno == ENOENT && ::lstat(file.c_str(), &entry) != 0;
}

bool is_regular(int descriptor) {
  struct stat entry {};
  return ::fstat(descriptor, &entry) == 0 && S_ISREG(entry.st_mode);
}

enum class Reading { kWhole, kTooLarge, kFailed };

Reading read_all(int descriptor, std::string& text) {
  std::array<char, 16 * 1024> buffer{};
  while (text.size() <= kMostConfigBytes) {
    const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
    if (count == 0) return Reading::kWhole;
    if (count < 0 && errno != EINTR) return Reading::kFailed;
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return Reading::kTooLarge;
}

/// What is wrong with the file as such; absent when `text` holds all of it.
std::optional<std::string> read_opened(int descriptor, std::string& text) {
  if (!is_regular(descriptor)) return "is not a regular file, must be one";
  switch (read_all(descriptor, text)) {
    case Reading::kWhole:
      return std::nullopt;
    case Reading::kTooLarge:
      return "is larger than 64 KiB, must be at most " + std::to_string(kMostConfigBytes) + " bytes";
    case Reading::kFailed:
      break;
  }
  return last_error();
}

}  // namespace

std::optional<std::string> read_config_file(const std::filesystem::path& file, IfAbsent if_absent,
                                            std::vector<Problem>& problems) {
  // Without O_NONBLOCK, opening a FIFO waits for somebody to write to it.
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (opened.number() < 0) {
    const std::string what = last_error();
    if (if_absent == IfAbsent::kProblem || !is_absent(file))
      problems.push_back({file.string(), {}, {}, what});
    return std::nullopt;
  }
  std::string text;
  if (auto what = read_opened(opened.number(), text)) {
    problems.push_back({file.string(), {}, {}, *what});
    return std::nullopt;
  }
  return text;
}

}  // namespace weir::config
