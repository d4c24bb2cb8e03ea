// Stands in for the C library's mutex and condition variable in this program, which is how std::mutex and
// std::condition_variable come here: a scheduler that runs is told, everybody else gets the real thing. The
// code under test is the one that is shipped, and knows nothing of it.

#include <dlfcn.h>
#include <pthread.h>

#include <cerrno>

#include "replay/seeded_scheduler.h"

namespace {

using weir::testing::SeededScheduler;

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

int real_unlock(pthread_mutex_t* mutex) {
  static auto* const unlock = real<int(pthread_mutex_t*)>("pthread_mutex_unlock");
  return unlock(mutex);
}

}  // namespace

extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  static auto* const lock = real<int(pthread_mutex_t*)>("pthread_mutex_lock");
  SeededScheduler* const scheduler = SeededScheduler::running();
  if (scheduler == nullptr) return lock(mutex);
  scheduler->reach_point();
  while (pthread_mutex_trylock(mutex) == EBUSY) scheduler->block_on(mutex);
  return 0;
}

extern "C" int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  const int result = real_unlock(mutex);
  if (SeededScheduler* const scheduler = SeededScheduler::running()) scheduler->unlocked(mutex);
  return result;
}

extern "C" int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  static auto* const signal = real<int(pthread_cond_t*)>("pthread_cond_signal");
  if (SeededScheduler* const scheduler = SeededScheduler::running()) scheduler->wake_one(condition);
  return signal(condition);
}

extern "C" int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  static auto* const broadcast = real<int(pthread_cond_t*)>("pthread_cond_broadcast");
  if (SeededScheduler* const scheduler = SeededScheduler::running()) scheduler->wake_all(condition);
  return broadcast(condition);
}
