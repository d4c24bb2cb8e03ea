#include "fuzz/targets.h"
#include "weir/history/error.h"
#include "weir/history/utf8.h"
#include "weir/service/chat_body.h"
#include "weir/service/chat_frames.h"
#include "weir/service/compact_body.h"
#include "weir/service/json_body.h"
#include "weir/service/trait_body.h"

namespace weir::fuzz {
namespace {

template <class Read>
void refused_or_read(Read read) {
  try {
    read();
  } catch (const history::Error& error) {
    require(error.code() == history::ErrorCode::kInvalidArgument, "what is refused is the caller's fault");
    require(!error.field().empty(), "what is refused is named");
  }
}

/// A setting's value is kept as given, white space aside.
void read_setting(std::string_view bytes) {
  const auto value = service::JsonBody(bytes, {"value"}).value("value");
  if (!value) return;
  const std::string& text = value->text();
  require(history::JsonText::parse(text).text() == text, "a value without white space stays as it is");
}

}  // namespace

/// One body, read as every call would read it.
void try_body(std::string_view bytes) {
  const history::ConversationId conversation("c");
  refused_or_read([&] { read_setting(bytes); });
  refused_or_read([&] { service::parse_chat(bytes, conversation); });
  refused_or_read([&] { service::parse_compact(bytes, conversation); });
  refused_or_read([&] { service::parse_trait_update(bytes, history::UserId("u"), history::Dimension("d")); });
  const std::string frame = service::error_frame({.status = 400, .detail = "wrong"}, bytes);
  require(history::is_utf8(frame), "a frame is UTF-8, whatever it answers");
}

}  // namespace weir::fuzz
