#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "weir/service/server_options.h"

namespace weir::service {

/// The bearer token callers must show: what `server.token_file` holds, else the environment variable
/// WEIR_TOKEN. Absent when neither is set. Errors: history::Error kInvalidArgument naming `server.token_file`
/// or `WEIR_TOKEN`, never quoting the token.
std::optional<std::string> read_token(const ServerOptions& options);

/// Whether `given` is the token. How long it takes does not tell how much of it was right.
bool is_token(std::string_view given, const std::string& token);

}  // namespace weir::service
