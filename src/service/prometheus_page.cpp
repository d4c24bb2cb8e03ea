#include "weir/service/prometheus_page.h"

#include <prometheus/text_serializer.h>

namespace weir::service {
namespace {

prometheus::MetricType type_of(PrometheusPage::Kind kind) {
  switch (kind) {
    case PrometheusPage::Kind::kCounter:
      return prometheus::MetricType::Counter;
    case PrometheusPage::Kind::kGauge:
      return prometheus::MetricType::Gauge;
    case PrometheusPage::Kind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

}  // namespace

void PrometheusPage::begin(const Family& family) {
  families_.push_back({std::string(family.name), std::string(family.help), type_of(family.kind), {}});
}

void PrometheusPage::add(const Labels& labels, std::uint64_t value) {
  const auto shown = static_cast<double>(value);
  prometheus::ClientMetric& series = new_series(labels);
  if (families_.back().type == prometheus::MetricType::Counter) {
    series.counter.value = shown;
  } else {
    series.gauge.value = shown;
  }
}

void PrometheusPage::add(const Labels& labels, const LatencyHistogram::Snapshot& taken) {
  auto& histogram = new_series(labels).histogram;
  histogram.sample_count = taken.count;
  histogram.sample_sum = taken.sum_seconds;
  histogram.bucket.reserve(taken.cumulative.size());
  for (std::size_t i = 0; i < taken.cumulative.size(); ++i) {
    histogram.bucket.push_back({taken.cumulative[i], LatencyHistogram::kBounds[i]});
  }
}

std::string PrometheusPage::text() const {
  return prometheus::TextSerializer().Serialize(families_);
}

prometheus::ClientMetric& PrometheusPage::new_series(const Labels& labels) {
  prometheus::ClientMetric& series = families_.back().metric.emplace_back();
  for (const auto& [name, value] : labels) series.label.push_back({std::string(name), std::string(value)});
  return series;
}

}  // namespace weir::service
