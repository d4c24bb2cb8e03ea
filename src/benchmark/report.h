#pragma once

#include <string>
#include <vector>

#include "weir/benchmark/plan.h"

namespace weir::benchmark {

/// The medians over the rounds, with ratios against the lanes that the others are held to.
std::string to_table(const std::vector<Row>& rows);

/// Every row as JSON: a list of objects, named as in INTERFACE.
std::string to_json(const std::vector<Row>& rows, const Plan& plan);

}  // namespace weir::benchmark
