#include "nodes/verify/climatology_terms.h"

#include <cmath>
#include <numbers>

#include "graph/error.h"
#include "nodes/ingest/cf_fields.h"
#include "nodes/ingest/netcdf_file.h"

namespace ladcast {
namespace {

constexpr std::size_t kHours = 4, kHarmonics = 3, kTerms = kHours + 2 * kHarmonics;

}  // namespace

double year_fraction(Time time) {
  using namespace std::chrono;
  const auto year = year_month_day{floor<days>(time)}.year();
  const Time start = sys_days{year / January / 1}, end = sys_days{(year + years{1}) / January / 1};
  return static_cast<double>((time - start).count()) / static_cast<double>((end - start).count());
}

ClimatologyTerms ClimatologyTerms::read(const std::filesystem::path& file,
                                        const std::vector<Channel>& channels, const Grid& grid) {
  const CfFields source(open_netcdf(file));
  ClimatologyTerms climatology;
  for (std::size_t term = 0; term < kTerms; ++term) {
    climatology.terms_.push_back(source.read_fixed(channels, grid, {{"term", term}}));
  }
  return climatology;
}

Fields ClimatologyTerms::at(Time init, int lead_hours) const {
  using namespace std::chrono;
  const Time valid = init + hours{lead_hours};
  const auto into_day = duration_cast<seconds>(valid - floor<days>(valid));
  if (into_day % hours{6} != seconds{0}) {
    fail("the climatology has the hours 00, 06, 12 and 18 UTC, not {}", format_time(valid));
  }
  std::vector<double> weights(kTerms, 0.0);
  weights[static_cast<std::size_t>(into_day / hours{6})] = 1;
  for (std::size_t k = 1; k <= kHarmonics; ++k) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(k) * year_fraction(valid);
    weights[2 + 2 * k] = std::cos(angle);
    weights[3 + 2 * k] = std::sin(angle);
  }
  Fields fields = Fields::zeros_like(terms_.front());
  fields.init = init;
  fields.lead_hours = {lead_hours};
  for (std::size_t i = 0; i < fields.values.size(); ++i) {
    double sum = 0;
    for (std::size_t term = 0; term < kTerms; ++term) sum += weights[term] * terms_[term].values[i];
    fields.values[i] = static_cast<float>(sum);
  }
  return fields;
}

}  // namespace ladcast
