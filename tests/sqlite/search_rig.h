#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/repository_rig.h"

namespace weir::testing {

/// A repository whose search is on. Its background looks once, at the first call, and then sleeps for good.
template <class Repo>
struct SearchRig : RepositoryRig {
  SearchRig() : RepositoryRig({.enabled = true, .index_interval = repositories::Seconds(1e6)}) {}

  std::vector<history::SearchHit> search(const std::string& words) { return repo->search({.words = words}); }

  /// What each hit says, the best first.
  std::vector<std::string> page(const history::SearchQuery& query) {
    std::vector<std::string> found;
    for (const history::SearchHit& hit : repo->search(query))
      found.push_back(hit.event.content->plain_text());
    return found;
  }
  std::vector<std::string> texts(const std::string& words) { return page({.words = words}); }

  std::unique_ptr<Repo> repo = make<Repo>();
};

}  // namespace weir::testing
