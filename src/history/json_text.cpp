#include "weir/history/json_text.h"

#include <nlohmann/json.hpp>

#include "weir/history/json_sax.h"

namespace weir::history {
namespace {

class TextSax final : public JsonSax {
 public:
  using JsonSax::JsonSax;
  std::string text() { return take_text(); }
};

}  // namespace

JsonText JsonText::parse(std::string_view json, std::string_view field) {
  TextSax sax(field);
  parse_with(sax, json);
  return JsonText(sax.text());
}

bool operator==(const JsonText& a, const JsonText& b) {
  return a.text_ == b.text_ || nlohmann::json::parse(a.text_) == nlohmann::json::parse(b.text_);
}

}  // namespace weir::history
