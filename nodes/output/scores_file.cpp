#include "nodes/output/scores_file.h"

#include <netcdf.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "graph/error.h"
#include "graph/whole_file.h"
#include "nodes/output/netcdf_definitions.h"
#include "nodes/output/score_cells.h"
#include "nodes/output/score_names.h"
#include "nodes/output/temporary_file.h"
#include "nodes/verify/published_scores.h"

namespace ladcast {
namespace {

constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

/// The scores that people read, and beside them the statistics that they are made of.
std::vector<ScoreRow> all_scores(const std::vector<ScoreRow>& rows) {
  std::vector<ScoreRow> all = published_scores(rows);
  std::set<std::string> published;
  for (const ScoreRow& row : all) published.insert(row.score);
  for (const ScoreRow& row : rows)
    if (!published.contains(row.score)) all.push_back(row);
  return all;
}

std::string in_terms_of_events(std::string units) {
  constexpr std::string_view kChannel = "channel_units";
  const auto at = units.find(kChannel);
  return at == std::string::npos ? units : units.replace(at, kChannel.size(), "event_units");
}

/// Numbers that wait on the disk. The file has no name, so nothing is left of it.
class Spool {
 public:
  explicit Spool(std::filesystem::path path) : path_(std::move(path)) {
    file_.open(path_, std::ios::in | std::ios::out | std::ios::trunc | std::ios::binary);
    require_good("make");
    std::filesystem::remove(path_);
  }

  /// Returns where they begin.
  std::streamoff put(const std::vector<double>& values) {
    const std::streamoff at = end_;
    file_.seekp(at);
    file_.write(reinterpret_cast<const char*>(values.data()), bytes_of(values));
    require_good("write");
    end_ += bytes_of(values);
    return at;
  }
  std::vector<double> get(std::streamoff at, std::size_t size) {
    std::vector<double> values(size);
    file_.seekg(at);
    file_.read(reinterpret_cast<char*>(values.data()), bytes_of(values));
    require_good("read");
    return values;
  }

 private:
  static std::streamsize bytes_of(const std::vector<double>& values) {
    return static_cast<std::streamsize>(values.size() * sizeof(double));
  }
  void require_good(const char* action) const {
    if (!file_) fail("cannot {} {}: {}", action, path_.string(), std::strerror(errno));
  }

  std::filesystem::path path_;
  std::fstream file_;
  std::streamoff end_ = 0;
};

/// The values of one score, initial time, forecast and region, in the spool.
struct Slab {
  std::size_t init;
  ScoreArray::Place place;
  std::size_t rows;  // by lead
  std::streamoff at;
};
using Series = std::map<std::string, std::vector<Slab>>;  // by score

/// Writes all of a file but its global attributes.
class Writer {
 public:
  Writer(const NetcdfHandle& file, const ScoresFileSpec& spec, const ScoreAxes& axes)
      : file_(file), spec_(spec), axes_(axes) {}

  void define_axes(const ScoreArrays& means) {
    NetcdfDefinitions definitions(file_);
    if (spec_.each_init) define_inits(definitions);
    forecast_ = definitions.dimension("forecast", axes_.forecasts().size());
    region_ = definitions.dimension("region", axes_.regions().size());
    channel_ = definitions.dimension("channel", axes_.channels().size());
    if (axes_.events().size() > 0) event_ = definitions.dimension("event", axes_.events().size());
    lead_ = definitions.dimension("lead", spec_.lead_hours.size());
    const int id = definitions.coordinate("lead", NC_INT, {lead_},
                                          {spec_.lead_hours.begin(), spec_.lead_hours.end()},
                                          "forecast_period", "hours");
    definitions.attribute(id, "long_name", "time since the forecast's initial time");
    for (auto& [name, values] : bins_of(means)) define_bins(definitions, name, std::move(values));
    definitions.finish();
  }

  void write_mean(const std::string& score, const ScoreArray& array) {
    const Bins& bins = bins_.at(axis_of(score, array));
    const int values = define_values(score, array, Of::means, bins);
    const int weights = define(score + "_weight", NC_DOUBLE, array, Of::means, bins);
    const int counts = define(score + "_count", NC_INT, array, Of::means, bins);
    put(values, "ancillary_variables", score + "_weight " + score + "_count");
    put(weights, "long_name", "part of the region's weight that was used");
    put(weights, "units", "1");
    put(counts, "long_name", "initial times in the mean");
    put(counts, "units", "1");
    for (std::size_t f = 0; f < axes_.forecasts().size(); ++f)
      for (std::size_t r = 0; r < axes_.regions().size(); ++r) {
        const Cells cells = axes_.together(array, {f, r}, bins.values);
        const std::size_t start[] = {f, r, 0, 0, 0};
        const std::size_t count[] = {1, 1, axes_.rows_of(array), spec_.lead_hours.size(),
                                     bins.values.size()};  // the last only where there are bins
        check(nc_put_vara_double(file_.id(), values, start, count, cells.value.data()));
        check(nc_put_vara_double(file_.id(), weights, start, count, cells.weight.data()));
        check(nc_put_vara_int(file_.id(), counts, start, count, cells.count.data()));
      }
  }

  void write_series(const std::string& score, const std::vector<Slab>& slabs, Spool& spool) {
    const int id = define_values(score, ScoreArray{false, {}}, Of::init, {});
    for (const Slab& slab : slabs) {
      const auto values = spool.get(slab.at, slab.rows * spec_.lead_hours.size());
      const std::size_t start[] = {slab.init, slab.place.forecast, slab.place.region, 0, 0};
      const std::size_t count[] = {1, 1, 1, slab.rows, spec_.lead_hours.size()};
      check(nc_put_vara_double(file_.id(), id, start, count, values.data()));
    }
  }

  void write_coordinates() const {
    write_texts("forecast", forecast_, axes_.forecasts().texts(), "whose scores these are");
    write_texts("region", region_, axes_.regions().texts(), "part of the globe");
    write_texts("channel", channel_, axes_.channels().texts(), "variable and level");
    std::vector<std::string> names, units;
    std::vector<double> levels;
    for (const Channel& each : axes_.channel_list()) {
      names.push_back(each.name);
      units.push_back(each.units);
      levels.push_back(each.level ? *each.level : kMissing);
    }
    write_texts("channel_variable", channel_, names, "variable of the channel");
    write_texts("channel_units", channel_, units, "units of the channel");
    int id = -1;
    check(nc_def_var(file_.id(), "channel_level", NC_DOUBLE, 1, &channel_, &id));
    check(nc_def_var_fill(file_.id(), id, NC_FILL, &kMissing));
    put(id, "standard_name", "air_pressure");
    put(id, "long_name", "level of the channel");
    put(id, "units", "hPa");
    const std::size_t start = 0, count = levels.size();
    check(nc_put_vara_double(file_.id(), id, &start, &count, levels.data()));
    if (event_ >= 0) write_events();
  }

  /// Those of single forecasts and regions become coordinates; the others come back.
  Conventions write_conventions(const Conventions& conventions) {
    Conventions others;
    std::map<std::string, std::map<std::string, std::string>> of_forecast, of_region;
    for (const auto& [name, words] : conventions) {
      const auto of = name.find(" of ");
      const std::string label = of == std::string::npos ? "" : name.substr(of + 4);
      if (of == std::string::npos)
        others[name] = words;
      else if (axes_.forecasts().contains(label))
        of_forecast[name.substr(0, of)][label] = words;
      else if (axes_.regions().contains(label))
        of_region[name.substr(0, of)][label] = words;
    }
    for (const auto& [name, words] : of_forecast)
      write_auxiliary(name, forecast_, axes_.forecasts(), words);
    for (const auto& [name, words] : of_region)
      write_auxiliary(name, region_, axes_.regions(), words);
    return others;
  }
  void name_coordinates() const {
    for (const Variable& variable : variables_)
      put(variable.id, "coordinates",
          (variable.of_event ? "event_channel event_units"
                             : "channel_variable channel_level channel_units") +
              auxiliary_);
  }

 private:
  enum class Of { means, init };
  struct Bins {
    int dimension = -1;
    std::vector<double> values = {};  // ascending; none: the score has no bins
  };
  struct Variable {
    int id;
    bool of_event;
  };

  void check(int status) const { check_netcdf(status, "write", file_.path()); }
  void put(int variable, const char* name, std::string_view text) const {
    if (!text.empty()) check(nc_put_att_text(file_.id(), variable, name, text.size(), text.data()));
  }

  void define_inits(NetcdfDefinitions& definitions) {
    init_ = definitions.dimension("init", spec_.inits.size());
    std::vector<double> hours;
    for (const Time time : spec_.inits)
      hours.push_back(static_cast<double>(time.time_since_epoch().count()) / 3600);
    const int id = definitions.coordinate("init", NC_DOUBLE, {init_}, hours,
                                          "forecast_reference_time", "hours since 1970-01-01");
    definitions.attribute(id, "calendar", "standard");
    definitions.attribute(id, "long_name", "initial time");
  }

  /// The axis of the bins of a score; "" where it has none.
  static std::string axis_of(const std::string& score, const ScoreArray& array) {
    if (!array.has_bins()) return "";
    const ScoreName* const known = find_score_name(score);
    return known ? std::string(known->bin) : score + "_bin";
  }

  /// An axis has all bins of any score that it is of.
  static std::map<std::string, std::vector<double>> bins_of(const ScoreArrays& arrays) {
    std::map<std::string, std::set<double>> found;
    for (const auto& [score, array] : arrays)
      for (const auto& [place, bins] : array.cells)
        for (const auto& [bin, cells] : bins)
          if (bin) found[axis_of(score, array)].insert(*bin);
    std::map<std::string, std::vector<double>> bins;
    for (const auto& [axis, values] : found) bins[axis] = {values.begin(), values.end()};
    return bins;
  }
  void define_bins(NetcdfDefinitions& definitions, const std::string& name,
                   std::vector<double> values) {
    const BinAxis* const known = find_bin_axis(name);
    const int dimension = definitions.dimension(name, values.size());
    const int id = definitions.coordinate(name, known && known->whole ? NC_INT : NC_DOUBLE,
                                          {dimension}, values, "", "1");
    definitions.attribute(id, "long_name", known ? known->long_name : name);
    bins_[name] = {dimension, std::move(values)};
  }

  /// One chunk holds all of a forecast and region.
  int define(const std::string& name, int type, const ScoreArray& array, Of of, const Bins& bins) {
    std::vector<int> dimensions = {forecast_, region_, array.of_event ? event_ : channel_, lead_};
    std::vector<std::size_t> chunk = {1, 1, axes_.rows_of(array), spec_.lead_hours.size()};
    if (of == Of::init) {
      dimensions.insert(dimensions.begin(), init_);
      chunk.insert(chunk.begin(), 1);
    }
    if (!bins.values.empty()) {
      dimensions.push_back(bins.dimension);
      chunk.push_back(bins.values.size());
    }
    int id = -1;
    check(nc_def_var(file_.id(), name.c_str(), type, static_cast<int>(dimensions.size()),
                     dimensions.data(), &id));
    check(nc_def_var_chunking(file_.id(), id, NC_CHUNKED, chunk.data()));
    check(nc_def_var_deflate(file_.id(), id, 1, 1, 1));
    variables_.push_back({id, array.of_event});
    return id;
  }

  int define_values(const std::string& score, const ScoreArray& array, Of of, const Bins& bins) {
    const int id = define(of == Of::init ? score + "_by_init" : score, NC_DOUBLE, array, of, bins);
    check(nc_def_var_fill(file_.id(), id, NC_FILL, &kMissing));
    const ScoreName* const known = find_score_name(score);
    put(id, "long_name", known ? known->long_name : score);
    if (!known) return id;
    const std::string units(known->units);
    put(id, "formula", known->formula);
    if (units == "1")
      put(id, "units", units);
    else
      put(id, "units_by_channel", array.of_event ? in_terms_of_events(units) : units);
    return id;
  }

  void write_texts(const std::string& name, int dimension, const std::vector<std::string>& texts,
                   std::string_view long_name) const {
    int id = -1;
    check(nc_def_var(file_.id(), name.c_str(), NC_STRING, 1, &dimension, &id));
    put(id, "long_name", long_name);
    std::vector<const char*> pointers;
    for (const auto& text : texts) pointers.push_back(text.c_str());
    const std::size_t start = 0, count = texts.size();
    check(nc_put_vara_string(file_.id(), id, &start, &count, pointers.data()));
  }

  void write_events() const {
    std::vector<std::string> channels, units;
    for (const Channel& each : axes_.event_channels()) {
      channels.push_back(label_of(each));
      units.push_back(each.units);
    }
    write_texts("event", event_, axes_.events().texts(), "what is forecast");
    write_texts("event_channel", event_, channels, "channel of the event");
    write_texts("event_units", event_, units, "units of that channel");
  }

  void write_auxiliary(const std::string& name, int dimension, const Labels& labels,
                       const std::map<std::string, std::string>& words) {
    std::vector<std::string> texts;
    for (const auto& label : labels.texts())
      texts.push_back(words.contains(label) ? words.at(label) : "");
    write_texts(name, dimension, texts, name);
    auxiliary_ += " " + name;
  }

  const NetcdfHandle& file_;
  const ScoresFileSpec& spec_;
  const ScoreAxes& axes_;
  int init_ = -1, forecast_ = -1, region_ = -1, channel_ = -1, event_ = -1, lead_ = -1;
  std::map<std::string, Bins> bins_ = {{"", {}}};  // by axis
  std::vector<Variable> variables_;
  std::string auxiliary_;  // coordinates that all variables have
};

}  // namespace

struct ScoresFile::State {
  std::filesystem::path path, temporary;
  ScoresFileSpec spec;
  ScoreAxes axes;
  Spool spool;
  Series series = {};

  ~State() {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
  }
};

ScoresFile::ScoresFile(std::filesystem::path path, ScoresFileSpec spec) {
  const auto temporary = temporary_beside(path);
  ScoreAxes axes(spec.lead_hours);
  state_.reset(
      new State{std::move(path), temporary, std::move(spec), std::move(axes), Spool(temporary)});
}

ScoresFile::~ScoresFile() = default;

void ScoresFile::write_init(int init, const std::vector<std::vector<ScoreRow>>& leads) {
  auto& [path, temporary, spec, axes, spool, series] = *state_;
  ScoreArrays arrays;
  for (const auto& rows : leads)
    for (const ScoreRow& row : all_scores(rows))
      if (row.event.empty() && !row.bin) axes.add(arrays, row);
  for (const auto& [score, array] : arrays)
    for (const auto& [place, bins] : array.cells) {
      const auto& values = bins.begin()->second.value;
      series[score].push_back({static_cast<std::size_t>(init), place,
                               values.size() / spec.lead_hours.size(), spool.put(values)});
    }
}

void ScoresFile::finish(const MeanScores& means, const Conventions& conventions,
                        Attributes attributes) {
  auto& [path, temporary, spec, axes, spool, series] = *state_;
  ScoreArrays arrays;
  for (const int hours : means.leads())
    for (const ScoreRow& row : all_scores(means.rows(hours))) axes.add(arrays, row);
  auto file = NetcdfHandle::create(temporary);
  Writer writer(file, spec, axes);
  writer.define_axes(arrays);
  for (const auto& [score, array] : arrays) writer.write_mean(score, array);
  for (const auto& [score, slabs] : series) writer.write_series(score, slabs, spool);
  writer.write_coordinates();
  for (const auto& [name, words] : writer.write_conventions(conventions)) attributes[name] = words;
  writer.name_coordinates();
  NetcdfDefinitions(file).attributes(attributes);
  file.close();
  sync_to_disk(temporary);
  give_name(temporary, path);
}

}  // namespace ladcast
