// Import and export against real repositories: what goes in comes out, and nothing goes in twice.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/repository_rig.h"
#include "support/scratch_directory.h"
#include "weir/history/event_json.h"
#include "weir/service/jsonl_export.h"
#include "weir/service/jsonl_import.h"

namespace {

using weir::history::ChatRepository;
using weir::history::Event;
using weir::history::ImportedEvent;
using weir::history::parse_event;
using weir::repositories::sqlite::AsyncSqlRepo;
using weir::repositories::sqlite::PooledSqlRepo;
using weir::service::ImportCounts;
using weir::service::LineSource;
using weir::testing::RepositoryRig;

const std::string kSample = WEIR_SOURCE_DIR "/tests/data/sample.jsonl";
const std::string kDialogues = WEIR_SOURCE_DIR "/../shared/data/sgd-dialogues.jsonl.gz";

ImportCounts import_file(ChatRepository& repository, const std::string& path) {
  LineSource lines(path);
  return import_jsonl(lines, repository,
                      {.rejected = [](std::string_view line) { MESSAGE(line); }, .progressed = {}});
}

std::string exported(ChatRepository& repository) {
  std::ostringstream out;
  weir::service::export_jsonl(repository, out);
  return out.str();
}

/// `jsonl` imported into an empty database and exported from there.
template <class Repo>
std::string imported_and_exported(const std::string& jsonl) {
  RepositoryRig rig;
  const auto repository = rig.make<Repo>();
  import_file(*repository, rig.folder.write("exported.jsonl", jsonl));
  return exported(*repository);
}

std::vector<ImportedEvent> events_in(const std::string& path) {
  std::vector<ImportedEvent> events;
  LineSource lines(path);
  while (const auto line = lines.next()) events.push_back(parse_event(line->text));
  return events;
}

/// How many events of `path` are not in `repository` with every field that they give.
std::size_t count_lost(ChatRepository& repository, const std::string& path) {
  std::map<std::string, std::vector<Event>> stored;
  std::size_t lost = 0;
  for (const ImportedEvent& given : events_in(path)) {
    const auto& id = given.event.conversation_id;
    const auto [conversation, is_new] = stored.try_emplace(id.value());
    if (is_new) conversation->second = repository.events({id});
    bool is_there = false;
    for (const Event& event : conversation->second) is_there = is_there || !first_difference(given, event);
    if (!is_there) ++lost;
  }
  return lost;
}

}  // namespace

TEST_CASE("round trip: the sample has every type, every role and every field") {
  std::set<weir::history::EventType> types;
  std::set<weir::history::Role> roles;
  weir::history::FieldSet fields;
  std::set<std::string> conversations;
  for (const ImportedEvent& event : events_in(kSample)) {
    types.insert(event.event.type);
    if (event.event.role) roles.insert(*event.event.role);
    fields |= event.given;
    conversations.insert(event.event.conversation_id.value());
  }
  CHECK(types.size() == 6);
  CHECK(roles.size() == 4);
  CHECK(fields.all());
  CHECK(conversations.size() == 4);
}

TEST_CASE_TEMPLATE("round trip: the sample goes in once, and again is all duplicates", Repo, PooledSqlRepo,
                   AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repository = rig.make<Repo>();
  CHECK(import_file(*repository, kSample) == ImportCounts{.imported = 30});
  CHECK(import_file(*repository, kSample) == ImportCounts{.duplicates = 30});
  CHECK(count_lost(*repository, kSample) == 0);
}

TEST_CASE_TEMPLATE(
    "round trip: exported, imported into an empty file and exported again, the bytes are the same", Repo,
    PooledSqlRepo, AsyncSqlRepo) {
  RepositoryRig rig;
  const auto repository = rig.make<Repo>();
  import_file(*repository, kSample);
  const std::string once = exported(*repository);
  CHECK(std::count(once.begin(), once.end(), '\n') == 30);
  CHECK(imported_and_exported<PooledSqlRepo>(once) == once);
  CHECK(imported_and_exported<AsyncSqlRepo>(once) == once);
}

TEST_CASE("round trip: an export is all duplicates where it came from") {
  RepositoryRig rig;
  const auto repository = rig.make<PooledSqlRepo>();
  import_file(*repository, kSample);
  const std::string path = rig.folder.write("exported.jsonl", exported(*repository));
  CHECK(import_file(*repository, path) == ImportCounts{.duplicates = 30});
}

TEST_CASE(
    "round trip: a sample that another one contradicts is rejected where it does, and changes nothing") {
  RepositoryRig rig;
  const auto repository = rig.make<PooledSqlRepo>();
  import_file(*repository, kSample);
  const std::string before = exported(*repository);
  std::string changed = weir::testing::read_file(kSample);
  changed.replace(changed.find("Good morning!"), 4, "Nice");
  const std::string path = rig.folder.write("changed.jsonl", changed);
  CHECK(import_file(*repository, path) == ImportCounts{.duplicates = 29, .rejected = 1});
  CHECK(exported(*repository) == before);
}

TEST_CASE("round trip: 2,098 real dialogues go in, come out as they were, and go in only once") {
  if (!std::filesystem::exists(kDialogues)) {
    MESSAGE("skipped: " << kDialogues << " is absent");
    return;
  }
  RepositoryRig rig;
  const auto repository = rig.make<PooledSqlRepo>();
  CHECK(import_file(*repository, kDialogues) == ImportCounts{.imported = 50'822});
  CHECK(repository->conversation_ids({}, 10'000, {}).size() == 2'098);
  CHECK(count_lost(*repository, kDialogues) == 0);
  const std::string once = exported(*repository);
  CHECK(import_file(*repository, kDialogues) == ImportCounts{.duplicates = 50'822});
  CHECK(exported(*repository) == once);
  CHECK(imported_and_exported<AsyncSqlRepo>(once) == once);
}
