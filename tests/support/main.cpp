#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#if defined(__SANITIZE_THREAD__)
/// An exception that several threads hear of is destroyed by the last of them. What counts them stands in
/// libstdc++, into which the thread sanitizer of g++ does not look.
extern "C" const char* __tsan_default_suppressions();  // NOLINT(*-reserved-identifier)
extern "C" const char* __tsan_default_suppressions() {
  return "race:std::runtime_error::~runtime_error\n"
         "race:std::__exception_ptr::exception_ptr::_M_release\n";
}
#endif
