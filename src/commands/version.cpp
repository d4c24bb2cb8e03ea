#include <iostream>

#include "weir/commands/commands.h"
#include "weir/repositories/sqlite/version.h"

namespace weir::commands {
namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "clang " __clang_version__;
#else
constexpr const char* kCompiler = "g++ " __VERSION__;
#endif

}  // namespace

ExitStatus print_version() {
  std::cout << "weir " WEIR_VERSION "\nSQLite " << repositories::sqlite::sqlite_version() << '\n'
            << kCompiler << '\n';
  return kFine;
}

}  // namespace weir::commands
