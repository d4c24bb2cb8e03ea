#include "weir/commands/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>

namespace weir::commands {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::optional<std::uint64_t> number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  return is_number ? std::optional(value) : std::nullopt;
}

/// WATCHDOG_PID says whom the rest is for: an environment is inherited.
std::optional<std::chrono::duration<double>> read_feeding_interval() {
  const auto microseconds = number(environment("WATCHDOG_USEC"));
  const std::string process = environment("WATCHDOG_PID");
  const bool is_for_us = process.empty() || number(process) == static_cast<std::uint64_t>(::getpid());
  if (!microseconds || *microseconds == 0 || !is_for_us) return std::nullopt;
  return std::chrono::duration<double, std::micro>(static_cast<double>(*microseconds)) / 2;
}

/// What RELOADING=1 comes with, so that systemd can tell this reload from an earlier one.
std::string monotonic_microseconds() {
  struct timespec now {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return std::to_string(static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000);
}

/// A status is one line.
std::string one_line(std::string_view text) {
  std::string line(text);
  for (char& c : line) {
    if (c == '\n') c = ' ';
  }
  return line;
}

}  // namespace

ServiceManager::ServiceManager()
    : address_(environment("NOTIFY_SOCKET")), feeding_interval_(read_feeding_interval()) {
  const bool is_address = address_.size() > 1 && (address_.front() == '/' || address_.front() == '@');
  if (!is_address || address_.size() >= sizeof(sockaddr_un::sun_path)) {
    feeding_interval_.reset();
    return;
  }
  if (address_.front() == '@') address_.front() = '\0';
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::ready(std::string_view status) const {
  send("READY=1\nSTATUS=" + one_line(status));
}

void ServiceManager::reloading() const {
  send("RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds() + "\nSTATUS=reloading");
}

void ServiceManager::stopping() const {
  send("STOPPING=1\nSTATUS=draining");
}

void ServiceManager::feed_watchdog() const {
  send("WATCHDOG=1");
}

void ServiceManager::send(const std::string& message) const {
  if (socket_ < 0) return;
  struct sockaddr_un to {};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto size = static_cast<socklen_t>(offsetof(struct sockaddr_un, sun_path) + address_.size());
  [[maybe_unused]] const ssize_t sent =
      ::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
               reinterpret_cast<const struct sockaddr*>(&to), size);
}

}  // namespace weir::commands
