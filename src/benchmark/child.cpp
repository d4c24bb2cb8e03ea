#include "weir/benchmark/child.h"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <type_traits>

namespace weir::benchmark {
namespace {

static_assert(std::is_trivially_copyable_v<Measurement>);  // it goes through a pipe as it is

[[noreturn]] void be_child(const std::function<Measurement()>& work, int answer) {
  int status = 1;
  try {
    const Measurement measured = work();
    // Smaller than PIPE_BUF: written whole or not at all.
    if (::write(answer, &measured, sizeof measured) == static_cast<ssize_t>(sizeof measured)) status = 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weir bench: %s\n", error.what());
  }
  std::_Exit(status);
}

}  // namespace

Measurement run_in_child(const std::function<Measurement()>& work) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot start a child process");
  if (child == 0) {
    ::close(ends[0]);
    be_child(work, ends[1]);
  }
  ::close(ends[1]);
  Measurement measured;
  const bool is_answered =
      ::read(ends[0], &measured, sizeof measured) == static_cast<ssize_t>(sizeof measured);
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!is_answered || status != 0) throw std::runtime_error("a lane's process ended without an answer");
  return measured;
}

}  // namespace weir::benchmark
