#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir::commands {

/// Tells systemd how the service does, as sd_notify(3) has it: one datagram for each message, to the socket
/// that NOTIFY_SOCKET names. Where it names none, nobody is told.
///
/// Thread-safety: const members may be called from any thread.
/// Blocking: never; a message that does not fit is lost. Errors: none: the service goes on without.
class ServiceManager {
 public:
  /// Reads the environment: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;
  ~ServiceManager();

  /// It serves; `status` is what `systemctl status` shows.
  void ready(std::string_view status) const;
  /// It reads its configuration again, until ready().
  void reloading() const;
  void stopping() const;

  /// How often feed_watchdog() is to be called: twice in the time after which systemd ends a service that is
  /// silent. Absent when nobody watches.
  std::optional<std::chrono::duration<double>> feeding_interval() const { return feeding_interval_; }
  void feed_watchdog() const;

 private:
  void send(const std::string& message) const;

  std::string address_;  // as the kernel takes it: an abstract one begins with a null
  int socket_ = -1;      // -1: nobody is told
  std::optional<std::chrono::duration<double>> feeding_interval_;
};

}  // namespace weir::commands
