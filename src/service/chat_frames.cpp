#include "weir/service/chat_frames.h"

#include <nlohmann/json.hpp>
#include <optional>

#include "weir/history/error.h"
#include "weir/history/event_json.h"
#include "weir/history/json_writer.h"

namespace weir::service {
namespace {

using history::JsonWriter;

/// Absent too when it is not fit to be one.
std::optional<std::string> request_id_of(std::string_view message) {
  const auto json = nlohmann::json::parse(message, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto found = json.find("request_id");
  if (found == json.end() || !found->is_string()) return std::nullopt;
  auto id = found->get<std::string>();
  try {
    history::check_id("request_id", id);
  } catch (const history::Error&) {
    return std::nullopt;
  }
  return id;
}

}  // namespace

std::string ack_frame(const history::Event& question) {
  std::string frame;
  JsonWriter json(frame);
  json.begin_object().key("type").string("ack");
  json.key("event_id").string(question.id.value());
  json.key("seq").integer(question.seq).end_object();
  return frame;
}

std::string delta_frame(std::string_view content) {
  std::string frame;
  JsonWriter(frame).begin_object().key("type").string("delta").key("content").string(content).end_object();
  return frame;
}

std::string message_frame(const history::Event& answer) {
  std::string frame;
  JsonWriter(frame)
      .begin_object()
      .key("type")
      .string("message")
      .key("event")
      .raw(history::to_json(answer))
      .end_object();
  return frame;
}

std::string error_frame(const Problem& problem, std::string_view message) {
  std::string frame;
  JsonWriter json(frame);
  json.begin_object().key("type").string("error");
  json.key("status").unsigned_integer(problem.status);
  json.key("detail").string(problem.detail);
  if (!problem.field.empty()) json.key("field").string(problem.field);
  if (const auto id = request_id_of(message)) json.key("request_id").string(*id);
  json.end_object();
  return frame;
}

}  // namespace weir::service
