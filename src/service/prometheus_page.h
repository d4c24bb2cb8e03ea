#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/service/prometheus_histogram.h"

namespace weir::service {

struct MetricLabel {
  std::string_view name;
  std::string_view value;
};

/// One scrape in the making: families of one kind each, their series added one after another, then the text.
///
/// Thread-safety: none.
class PrometheusPage {
 public:
  enum class Kind { kCounter, kGauge, kHistogram };

  struct Family {
    std::string_view name;
    Kind kind;
    std::string_view help;
  };

  using Labels = std::vector<MetricLabel>;

  /// Begins a family: what is added next belongs to it.
  void begin(const Family& family);

  /// Adds a series of a counter or a gauge.
  void add(const Labels& labels, std::uint64_t value);
  void add(const Labels& labels, const LatencyHistogram::Snapshot& taken);

  /// The page in Prometheus' text format.
  std::string text() const;

 private:
  prometheus::ClientMetric& new_series(const Labels& labels);

  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace weir::service
