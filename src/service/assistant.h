#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/history/event.h"
#include "weir/repositories/function_ref.h"

namespace weir::service {

/// Takes an answer piece by piece, as it is made; each piece is UTF-8 by itself. What it throws ends the
/// reply.
using PieceSink = repositories::FunctionRef<void(std::string_view piece)>;

/// Who answers a chat message.
///
/// Thread-safety: every member may be called from any thread at any time.
/// Blocking: reply() may.
class Assistant {
 public:
  Assistant() = default;
  Assistant(const Assistant&) = delete;
  Assistant& operator=(const Assistant&) = delete;
  virtual ~Assistant() = default;

  /// What the stored answer names as its model.
  virtual std::string_view name() const = 0;

  /// Gives the answer to `message` to `say`; `context` is the recent conversation in seq order, the message
  /// itself last.
  virtual void reply(const std::vector<history::Event>& context, std::string_view message, PieceSink say) = 0;
};

/// Says the message back, a few words a piece, and that it is an echo; asks nobody.
class EchoAssistant final : public Assistant {
 public:
  std::string_view name() const override { return "echo"; }
  void reply(const std::vector<history::Event>& context, std::string_view message, PieceSink say) override;
};

/// The assistant that `server.assistant` names.
/// Errors: history::Error kInvalidArgument naming `server.assistant`.
std::unique_ptr<Assistant> make_assistant(std::string_view name);

}  // namespace weir::service
