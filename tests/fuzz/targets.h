#pragma once

#include <stdexcept>
#include <string_view>

/// What takes bytes from strangers, each behind one function: libFuzzer calls it with what it makes up, and
/// replay_test.cpp with what is kept in corpus/, a folder for each.
///
/// Errors: Broken where a promise is; an input that is refused is fine.
namespace weir::fuzz {

class Broken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void require(bool is_so, const char* promise) {
  if (!is_so) throw Broken(promise);
}

void try_body(std::string_view bytes);
void try_database(std::string_view bytes);
void try_event(std::string_view bytes);
void try_http(std::string_view bytes);
void try_import(std::string_view bytes);
void try_reference(std::string_view bytes);
void try_url(std::string_view bytes);
void try_websocket(std::string_view bytes);
void try_yaml(std::string_view bytes);

}  // namespace weir::fuzz
