#include "fuzz/targets.h"
#include "weir/config/settings_printer.h"
#include "weir/config/settings_reader.h"
#include "weir/config/yaml_parser.h"

namespace weir::fuzz {
namespace {

config::SettingsReader read(std::string_view text, std::vector<config::Problem>& problems) {
  config::SettingsReader reader;
  if (const auto root = config::parse_yaml({"fuzz", text}, problems)) {
    reader.read({"fuzz", config::Outside::kWarn}, *root);
  }
  reader.check_together();
  return reader;
}

}  // namespace

/// A configuration that is taken prints as one that gives the same.
void try_yaml(std::string_view bytes) {
  std::vector<config::Problem> problems;
  const config::SettingsReader reader = read(bytes, problems);
  if (!problems.empty() || !reader.errors().empty()) return;
  const std::string printed = config::print_settings(reader.settings());
  std::vector<config::Problem> again;
  const config::SettingsReader reread = read(printed, again);
  require(again.empty() && reread.errors().empty(), "what is printed is a valid configuration");
  require(config::print_settings(reread.settings()) == printed, "what is printed gives the same settings");
}

}  // namespace weir::fuzz
