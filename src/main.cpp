#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "weir/benchmark/lanes.h"
#include "weir/commands/bench.h"
#include "weir/commands/commands.h"
#include "weir/config/yaml_loader.h"
#include "weir/history/error.h"
#include "weir/repositories/sqlite/initialize.h"

namespace {

using weir::commands::ConfigArguments;
using weir::commands::ExitStatus;

/// What the command line said; each command reads the parts that are its own.
struct CommandLine {
  ConfigArguments config;
  std::optional<std::string> listen;
  std::optional<std::string> database;
  std::optional<std::string> conversation;
  std::optional<std::string> reference;
  std::string file;
  weir::commands::MigrateArguments migrate{};
  weir::commands::DoctorArguments doctor{};
  weir::commands::BenchArguments bench{};

  /// The options that stand for a key win over --set, as they stand nearer to the user.
  ConfigArguments effective_config() const {
    ConfigArguments all = config;
    if (listen) all.overrides.push_back(weir::config::to_override({"server.listen", *listen}));
    if (database) {
      all.overrides.push_back(weir::config::to_override({"chat.service.repository.path", *database}));
    }
    return all;
  }
};

CLI::App* add_command(CLI::App& app, CommandLine& line, const std::string& name,
                      const std::string& description) {
  CLI::App* command = app.add_subcommand(name, description);
  command->add_option("--config", line.config.file,
                      "the configuration file; ./config.yaml when there is one");
  command->add_option("--set", line.config.overrides, "key.path=value over the file; may be repeated")
      ->allow_extra_args(false);
  return command;
}

void add_database_option(CLI::App* command, CommandLine& line) {
  command->add_option("--db", line.database, "the database file (chat.service.repository.path)");
}

void add_care_commands(CLI::App& app, CommandLine& line) {
  CLI::App* doctor =
      add_command(app, line, "doctor", "look at the database and all around it; changes nothing");
  doctor->add_flag("--full", line.doctor.is_full,
                   "check every index and what tables say of each other too, however long it takes");
  add_database_option(doctor, line);
  CLI::App* backup = add_command(app, line, "backup", "copy the database, which may be in use");
  backup->add_option("DEST", line.file, "the copy; must not exist")->required();
  add_database_option(backup, line);
  CLI::App* restore = add_command(app, line, "restore", "put a backup in place; overwrites nothing");
  restore->add_option("SRC", line.file, "the backup")->required();
  add_database_option(restore, line);
}

void add_commands(CLI::App& app, CommandLine& line) {
  CLI::App* serve = add_command(app, line, "serve", "serve chat history over HTTP");
  serve->add_option("--listen", line.listen, "HOST:PORT; port 0 picks a free one (server.listen)");
  add_database_option(serve, line);
  add_command(app, line, "check-config", "check the configuration and print the effective one");
  CLI::App* import = add_command(app, line, "import", "store the events of a file of JSON Lines");
  import->add_option("FILE", line.file, "the file, gzipped or not; - for standard input")->required();
  add_database_option(import, line);
  CLI::App* export_command = add_command(app, line, "export", "print all events as JSON Lines");
  CLI::Option* conversation =
      export_command->add_option("--conversation", line.conversation, "only those of this conversation");
  export_command
      ->add_option("--reference", line.reference,
                   "write all of them to this new file, a database of the reference service")
      ->excludes(conversation);
  add_database_option(export_command, line);
  CLI::App* migrate = add_command(app, line, "migrate",
                                  "bring a database of the reference service over, with a backup beside it");
  migrate->add_option("FILE", line.migrate.file, "the database")->required();
  migrate->add_flag("--dry-run", line.migrate.is_dry_run, "say what would be changed, and change nothing");
  add_care_commands(app, line);
  weir::commands::add_bench_options(
      *app.add_subcommand("bench", "measure weir beside what would be written instead of it"), line.bench);
  app.add_subcommand("version", "print the versions of weir, SQLite and the compiler");
  app.require_subcommand(1);
}

ExitStatus run(const std::string& command, const CommandLine& line) {
  using namespace weir::commands;
  if (command == "serve") return serve(line.effective_config());
  if (command == "check-config") return check_config(line.effective_config());
  if (command == "import") return import_events(line.effective_config(), line.file);
  if (command == "migrate") return migrate(line.effective_config(), line.migrate);
  if (command == "export" && line.reference) {
    return export_reference(line.effective_config(), *line.reference);
  }
  if (command == "export") return export_events(line.effective_config(), line.conversation);
  if (command == "doctor") return doctor(line.effective_config(), line.doctor);
  if (command == "backup") return backup(line.effective_config(), line.file);
  if (command == "restore") return restore(line.effective_config(), line.file);
  if (command == "bench") return bench(line.bench, weir::benchmark::all_lanes());
  return print_version();
}

}  // namespace

int main(int argc, char** argv) {
  if (!weir::initialize()) {
    std::cerr << "warning: SQLite was in use before main(): its memory statistics stay on and slow reads\n";
  }
  CommandLine line;
  CLI::App app("weir: chat history on SQLite, with separate pools for readers and writers", "weir");
  add_commands(app, line);
  try {
    app.parse(argc, argv);
    return run(app.get_subcommands().front()->get_name(), line);
  } catch (const CLI::Success& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    app.exit(error);
    return weir::commands::kUsage;
  } catch (const weir::history::Error& error) {
    std::cerr << "error: " << error.what() << '\n';
    // What the call or the configuration said is the caller's; everything else is the work that failed.
    return error.code() == weir::history::ErrorCode::kInvalidArgument ? weir::commands::kUsage
                                                                      : weir::commands::kFailed;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << '\n';
    return weir::commands::kFailed;
  }
}
