#pragma once

#include <string_view>

namespace weir::repositories::sqlite {

/// The SQLite that is linked, as "3.40.1" and as 3040001.
std::string_view sqlite_version();
int sqlite_version_number();

/// Whether the SQLite of this version number (3040001 is 3.40.1) is free of the WAL-reset bug, by which two
/// connections that write and checkpoint at once can lose committed rows: present from 3.7.0 to 3.51.2,
/// mended in 3.51.3 and, by backport, in 3.50.7 and 3.44.6.
constexpr bool is_wal_reset_fixed(int version) {
  constexpr int kFixed = 3'051'003;
  constexpr int kBackport50 = 3'050'007;
  constexpr int kBackport44 = 3'044'006;
  if (version >= kFixed || version < 3'007'000) return true;
  return (version >= kBackport50 && version < 3'051'000) || (version >= kBackport44 && version < 3'045'000);
}

}  // namespace weir::repositories::sqlite
