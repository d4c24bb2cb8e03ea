#include <optional>

#include "fuzz/targets.h"
#include "weir/service/gate.h"
#include "weir/service/http_reader.h"
#include "weir/service/problem.h"
#include "weir/service/websocket_request.h"

namespace weir::fuzz {
namespace {

constexpr service::HttpReader::Limits kLimits{.header_bytes = 512, .body_bytes = 64};

/// What the bytes of a connection were taken for.
struct Reading {
  std::string text{};  // of every request that was complete
  unsigned refused = 0;
};

/// Reads requests, one after another, from bytes that come in pieces.
class Conversation {
 public:
  void take(std::string_view bytes) {
    if (reading_.refused != 0) return;
    input_.append(bytes);
    try {
      while (step()) {
      }
    } catch (const service::Refusal& refusal) {
      reading_.refused = refusal.problem().status;
      require(reading_.refused >= 400 && reading_.refused < 500, "what cannot be read is the client's fault");
    }
  }

  const Reading& reading() const { return reading_; }

 private:
  /// False when more bytes have to come.
  bool step() {
    feed();
    if (reader_->has_head() && !is_accepted_) {
      reader_->accept_body();
      is_accepted_ = true;
      if (!reader_->is_done() && !input_.empty()) feed();
    }
    return reader_->is_done() && finish();
  }

  void feed() { input_.erase(0, reader_->feed(input_)); }

  bool finish() {
    const service::RequestHead head = reader_->take_head();
    const std::string body = reader_->take_body();
    require(body.size() <= kLimits.body_bytes, "no body is longer than allowed");
    reading_.text.append(head.method).append(" ").append(head.target).append("\n");
    for (const auto& header : head.headers) {
      require(header.value.find_first_of("\r\n") == std::string::npos, "a header is one line");
      reading_.text.append(header.name).append(":").append(header.value).append("\n");
    }
    reading_.text.append(body).append("\n");
    try {
      service::check_websocket_request(head);
    } catch (const service::Refusal&) {
    }
    reader_.emplace(kLimits);
    is_accepted_ = false;
    return !input_.empty();
  }

  std::optional<service::HttpReader> reader_{kLimits};
  bool is_accepted_ = false;
  std::string input_;
  Reading reading_;
};

}  // namespace

/// The first byte says where the rest is cut: it must not matter.
void try_http(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string_view text = bytes.substr(1);
  const std::size_t cut = std::min<std::size_t>(static_cast<unsigned char>(bytes.front()), text.size());
  Conversation whole;
  whole.take(text);
  Conversation pieces;
  pieces.take(text.substr(0, cut));
  for (const char& c : text.substr(cut)) pieces.take({&c, 1});
  // When what is wrong is seen depends on how much of it is there; what is served does not.
  require(whole.reading().text == pieces.reading().text, "requests are the same however their bytes come");
}

}  // namespace weir::fuzz
