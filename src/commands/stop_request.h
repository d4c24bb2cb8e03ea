#pragma once

#include <signal.h>

namespace weir::commands {

/// Ctrl-C, and whatever else asks the program to end, as something that long work asks for, so that it can
/// clear away what it has half made. From its construction on such a signal no longer ends the program.
///
/// Thread-safety: made before any thread is; is_there() from any thread.
class StopRequest {
 public:
  StopRequest() {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  bool is_there() const {
    sigset_t pending;
    sigpending(&pending);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      if (sigismember(&pending, signal) == 1) return true;
    }
    return false;
  }

 private:
  sigset_t signals_{};
};

}  // namespace weir::commands
