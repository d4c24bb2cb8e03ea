// The reference system's objects broke when another event loop used them; a repository here belongs to none.

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "support/repository_rig.h"
#include "support/threads.h"
#include "weir/service/asio_adapter.h"

using namespace weir::testing;
using weir::history::ChatRepository;
using weir::history::ConversationId;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;

namespace {

constexpr int kEvents = 20;

boost::asio::awaitable<void> append(boost::asio::thread_pool& pool, ChatRepository& repo, std::string text) {
  for (int i = 0; i < kEvents; ++i) {
    co_await weir::service::run_blocking(pool.get_executor(),
                                         [&] { return repo.add_event(user_says("c", text)); });
  }
}

void run_loop(boost::asio::thread_pool& pool, ChatRepository& repo, const std::string& text) {
  boost::asio::io_context loop;
  boost::asio::co_spawn(loop, append(pool, repo, text), boost::asio::detached);
  loop.run();
}

}  // namespace

TEST_CASE_TEMPLATE("io_context: one repository serves two, one after the other and at once", Repo,
                   PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repo = rig.make<Repo>();  // on this thread, long before any loop
  boost::asio::thread_pool pool(2);
  run_loop(pool, *repo, "first");
  run_loop(pool, *repo, "second");
  run_at_once(2, [&](std::size_t i) { run_loop(pool, *repo, "at once " + std::to_string(i)); });
  pool.join();
  CHECK(repo->events({ConversationId("c")}).size() == 4 * kEvents);
}
