#pragma once

#include <atomic>
#include <latch>
#include <memory>
#include <string>
#include <vector>

#include "service/running_server.h"
#include "service/websocket_client.h"
#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/service/routes.h"

namespace weir::service {

/// Answers like the echo, once it is let go.
class HeldAssistant final : public Assistant {
 public:
  std::string_view name() const override { return "held"; }
  void reply(const std::vector<history::Event>& context, std::string_view message, PieceSink say) override {
    ++asked_;
    let_go_.wait();
    echo_.reply(context, message, say);
  }

  void wait_for(int asked) {
    testing::spin_until([&] { return asked_ == asked; });
  }
  void let_go() { let_go_.count_down(); }

 private:
  EchoAssistant echo_;
  std::atomic<int> asked_ = 0;
  std::latch let_go_{1};
};

/// The whole service over a database of its own, for those who chat.
template <class Repo, class ItsAssistant = EchoAssistant>
class SocketRig {
 public:
  explicit SocketRig(const ServerOptions& options = any_port(), std::optional<std::string> token = {})
      : server(options, all_routes({*repository, assistant, summariser, {}}, options), std::move(token)) {}

  std::uint16_t port() const { return server.port(); }

  std::vector<history::Event> events(const std::string& conversation) {
    return repository->events({history::ConversationId(conversation)});
  }

  /// The status of the answer to a request for /ws/chat with further headers.
  HttpReply refusal(std::string_view headers) {
    HttpClient client(port());
    return client.call(websocket_request(headers));
  }

  testing::RepositoryRig storage;
  std::unique_ptr<Repo> repository = storage.make<Repo>();
  ItsAssistant assistant;
  history::ExtractiveSummariser summariser;
  RunningServer server;
};

}  // namespace weir::service
