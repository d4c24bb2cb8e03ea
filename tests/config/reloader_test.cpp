#include "weir/config/reloader.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "support/captured_log.h"

using namespace weir::config;
using weir::service::Reload;
using weir::service::ReloadReport;
using weir::testing::CapturedLog;

namespace {

/// What a program would do, written down.
struct Rig {
  LoadedSettings next{};
  std::string repository = "PooledSqlRepo";
  bool cannot_build = false;
  int built = 0;
  LogLevel level = LogLevel::kInfo;
  std::vector<Reload> counted;
  const CapturedLog log;

  Reloader reloader{Settings{},
                    {
                        .load = [this] { return next; },
                        .change_repository =
                            [this](const Settings& settings) {
                              if (cannot_build) throw std::runtime_error("the disk is away");
                              ++built;
                              repository =
                                  settings.repository.enable_pooling ? "PooledSqlRepo" : "AsyncSqlRepo";
                            },
                        .repository_name = [this] { return repository; },
                        .change_log_level = [this](LogLevel wanted) { level = wanted; },
                        .count = [this](Reload outcome) { counted.push_back(outcome); },
                    }};
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("reload: another repository is built and installed, and told") {
  Rig rig;
  rig.next.settings.repository.enable_pooling = false;
  const ReloadReport report = rig.reloader.reload();
  CHECK(report.repository == "AsyncSqlRepo");
  CHECK(report.errors.empty());
  CHECK(report.restart_needed.empty());
  CHECK(rig.built == 1);
  CHECK(rig.counted == std::vector{Reload::kOk});
}

TEST_CASE("reload: what has not changed is not built again") {
  Rig rig;
  rig.reloader.reload();
  CHECK(rig.built == 0);
  rig.next.settings.pool.max_readers = 3;
  rig.reloader.reload();
  rig.reloader.reload();
  CHECK(rig.built == 1);
  rig.next.settings.logging.level = LogLevel::kDebug;
  rig.reloader.reload();
  CHECK(rig.level == LogLevel::kDebug);
  CHECK(rig.built == 1);
}

TEST_CASE("reload: what waits for a restart is named each time, and the rest is in force") {
  Rig rig;
  rig.next.settings.repository.path = "other.db";
  rig.next.settings.repository.enable_pooling = false;
  rig.next.settings.server.listen = "127.0.0.1:9";
  rig.next.settings.logging.format = LogFormat::kJson;
  for (int i = 0; i < 2; ++i) {
    const ReloadReport report = rig.reloader.reload();
    CHECK(report.restart_needed == Texts{"chat.service.repository.path", "server.listen", "logging.format"});
    CHECK(report.repository == "AsyncSqlRepo");
  }
  CHECK(rig.built == 1);
}

TEST_CASE("reload: every error of a configuration is told, and nothing has changed") {
  Rig rig;
  rig.next.settings.repository.enable_pooling = false;
  rig.next.errors = {{"config.yaml", {3, 4}, "server.listen", "is wrong"}, {"--set", {}, "", "is wrong too"}};
  const ReloadReport report = rig.reloader.reload();
  CHECK(report.errors.size() == 2);
  CHECK(report.errors.front() == "config.yaml:3:4: server.listen: is wrong");
  CHECK(report.repository == "PooledSqlRepo");
  CHECK(rig.built == 0);
  CHECK(rig.counted == std::vector{Reload::kFailed});
  CHECK(rig.log.lines().size() == 1);
}

TEST_CASE("reload: a repository that cannot be built leaves the old one, and the next reload tries again") {
  Rig rig;
  rig.next.settings.repository.enable_pooling = false;
  rig.next.settings.logging.level = LogLevel::kError;
  rig.cannot_build = true;
  CHECK(rig.reloader.reload().errors == Texts{"the disk is away"});
  CHECK(rig.level == LogLevel::kInfo);
  rig.cannot_build = false;
  CHECK(rig.reloader.reload().repository == "AsyncSqlRepo");
  CHECK(rig.counted == std::vector{Reload::kFailed, Reload::kOk});
}
