#include <signal.h>
#include <spdlog/spdlog.h>

#include <cstdlib>
#include <iostream>

#include "weir/commands/commands.h"
#include "weir/commands/logging.h"
#include "weir/commands/service_manager.h"
#include "weir/commands/store.h"
#include "weir/config/reloader.h"
#include "weir/history/error.h"
#include "weir/service/listen_address.h"
#include "weir/service/prometheus_observer.h"
#include "weir/service/routes.h"
#include "weir/service/server.h"
#include "weir/service/token.h"

namespace weir::commands {
namespace {

/// The signals that the program waits for by itself. Made before any thread is, so that every thread inherits
/// it.
class SignalWait {
 public:
  SignalWait() {
    sigemptyset(&signals_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals_, signal);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    // A client that went away and a file that may not grow are errors of one call, not the end of the
    // program.
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);
  }

  /// Blocks until the program is asked to end; calls `reload` whenever it is asked to. Requests to reload
  /// that come while one is done are one.
  template <class Reload>
  void until_asked_to_end(Reload reload) const {
    for (;;) {
      int signal = 0;
      sigwait(&signals_, &signal);
      if (signal != SIGHUP) return;
      reload();
    }
  }

 private:
  sigset_t signals_{};
};

void log_start(const config::Settings& settings, const history::RepositoryInfo& info) {
  spdlog::info("{} on {}, SQLite {}", info.name, settings.repository.path, info.sqlite_version);
  if (!info.wal_reset_fixed) {
    spdlog::info(
        "this SQLite has the WAL-reset bug; the write ticket averts it in this process, programs beside it "
        "{}",
        info.locking == "exclusive" ? "are kept out" : "are not covered");
  }
}

/// What a status says, without the folder, which is the operator's.
std::string status_of(Store& store) {
  return "serving; " + std::string(store.repository().info().name) + " in force";
}

/// A read of the repository, whatever comes of it: what a service cannot do that hangs.
void look_alive(history::ChatRepository& repository, const ServiceManager& manager) {
  try {
    repository.conversation_ids({}, 1);
  } catch (const history::Error&) {
    // It has answered. A restart is no cure for what it answered: /health says it.
  }
  manager.feed_watchdog();
}

config::Reloader::Ports reload_ports(const ConfigArguments& config, Store& store,
                                     service::PrometheusObserver& observer) {
  return {
      .load = [&config] { return config::load_settings(config.file, config.overrides); },
      .change_repository = [&store](const config::Settings& settings) { store.replace(settings); },
      .repository_name = [&store] { return std::string(store.repository().info().name); },
      .change_log_level = set_log_level,
      .count = [&observer](service::Reload outcome) { observer.config_reloaded(outcome); },
  };
}

}  // namespace

ExitStatus serve(const ConfigArguments& config) {
  const auto settings = load_or_report(config);
  if (!settings) return kUsage;
  start_logging(settings->logging);
  const SignalWait signals;
  const ServiceManager manager;
  const auto token = service::read_token(settings->server);
  service::check_listen(settings->server, token);

  service::PrometheusObserver observer;
  Store store(*settings, Sharing::kExclusive, observer);
  log_start(*settings, store.repository().info());
  config::Reloader reloader(*settings, reload_ports(config, store, observer));
  const auto reload = [&] {
    manager.reloading();
    const service::ReloadReport report = reloader.reload();
    manager.ready(status_of(store));
    return report;
  };
  const auto assistant = service::make_assistant(settings->server.assistant);
  history::ExtractiveSummariser summariser;
  const auto metrics = [&] { return observer.render(store.repository().info(), store.repository().stats()); };
  service::Server server(settings->server, token,
                         service::all_routes({.repository = store.repository(),
                                              .assistant = *assistant,
                                              .summariser = summariser,
                                              .metrics = metrics,
                                              .reload = reload},
                                             settings->server),
                         observer);
  server.start();
  const service::ListenAddress address = service::parse_listen(settings->server.listen);
  if (const auto interval = manager.feeding_interval()) {
    server.repeat_as_read(*interval, [&] { look_alive(store.repository(), manager); });
  }
  std::cout << "listening on http://" << address.host << ':' << server.port() << std::endl;
  manager.ready(status_of(store));

  signals.until_asked_to_end([&] { reload(); });
  spdlog::info("draining");
  manager.stopping();
  server.drain();
  if (server.wait() == service::Drained::kAbandoned) {
    // What still runs has been told nothing: it ends here as it would in a crash, and nothing acknowledged is
    // lost.
    spdlog::warn("some requests were still running at the drain timeout");
    spdlog::default_logger()->flush();
    std::_Exit(kFine);
  }
  return kFine;
}

}  // namespace weir::commands
