#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::repositories::sqlite {

/// A row of the reference service's database.
struct ReferencePlace {
  std::string_view table;  ///< a literal
  std::int64_t rowid;
};

/// What became different on the way from the reference service to weir: of each kind how many rows, and the
/// first few by number. docs/migration.md says what each kind means. It holds no text of anybody.
///
/// Thread-safety: none.
class ReferenceChanges {
 public:
  struct Change {
    std::int64_t count = 0;
    std::vector<ReferencePlace> examples{};
  };
  using ByKind = std::map<std::string, Change, std::less<>>;

  void note(std::string_view kind, const ReferencePlace& where);
  /// A table or a column that stays behind, in the backup.
  void note_left_out(std::string what) { left_out_.push_back(std::move(what)); }

  const ByKind& by_kind() const { return by_kind_; }
  const std::vector<std::string>& left_out() const { return left_out_; }

 private:
  ByKind by_kind_;
  std::vector<std::string> left_out_;
};

}  // namespace weir::repositories::sqlite
