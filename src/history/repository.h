#pragma once

#include "weir/history/chat_repository.h"
#include "weir/history/personality_repository.h"
#include "weir/history/retention_repository.h"
#include "weir/history/search_repository.h"
#include "weir/history/settings_repository.h"
#include "weir/history/summary_repository.h"

namespace weir::history {

/// All that a store keeps. Whoever needs a part asks for that part's interface.
class Repository : public ChatRepository,
                   public SummaryRepository,
                   public SettingsRepository,
                   public PersonalityRepository,
                   public SearchRepository,
                   public RetentionRepository {};

}  // namespace weir::history
