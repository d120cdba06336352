#include "graph/run_settings.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

namespace ladcast {
namespace {

/// Reads one table key by key; an error in one does not hide the others.
class Reader {
 public:
  Reader(const Setting& table, std::string where, Diagnostics& diagnostics)
      : table_(table), where_(std::move(where)), diagnostics_(diagnostics) {}

  template <class Function>
  bool with(const char* key, Function function) {
    const Setting* setting = table_.find(key);
    if (!setting) return false;
    try {
      function(*setting);
    } catch (const Error& error) {
      diagnostics_.error({setting->position(), where_ + "." + key + ": " + error.what(), "", ""});
    }
    return true;
  }

  void positive(const char* key, int& value, int most = 1'000'000) {
    with(key, [&](const Setting& s) {
      const auto read = s.as_integer();
      if (read < 1 || read > most) fail("{} is not between 1 and {}", read, most);
      value = static_cast<int>(read);
    });
  }

 private:
  const Setting& table_;
  std::string where_;
  Diagnostics& diagnostics_;
};

std::vector<Time> times_in_file(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) fail("cannot read the list of initial times {}", path.string());
  std::vector<Time> times;
  for (std::string line; std::getline(stream, line);) {
    line = line.substr(0, line.find('#'));
    line.erase(std::remove_if(line.begin(), line.end(),
                              [](unsigned char c) { return std::isspace(c) != 0; }),
               line.end());
    if (!line.empty()) times.push_back(parse_time(line));
  }
  return times;
}

constexpr std::int64_t kMostHours = 1'000'000, kMostMembers = 1'000'000;
constexpr std::size_t kMostInits = 1'000'000;
constexpr int kMostIterations = 10'000'000;
constexpr int kIterationsInFlight = 4;  // so inputs are read while the optimiser is at work

std::vector<Time> read_inits(const Setting& setting, Diagnostics& diagnostics) {
  if (setting.is_string()) {
    if (setting.as_text().find('.') == std::string::npos) return {setting.as_time()};
    return times_in_file(ParamTraits<InputFiles>::read(setting).text);
  }
  if (setting.is_list()) {
    std::vector<Time> times;
    for (const auto& entry : setting.list()) times.push_back(entry.as_time());
    return times;
  }
  if (!setting.is_table()) return {setting.as_time()};
  check_keys(setting, "run.inits", {"first", "last", "every_hours"}, diagnostics);
  for (const char* key : {"first", "last", "every_hours"})
    if (!setting.find(key))
      fail("'{}' is not there; write {{ first = …, last = …, every_hours = 6 }}", key);
  const Time last = setting.find("last")->as_time();
  const auto every = setting.find("every_hours")->as_integer();
  if (every < 1 || every > kMostHours)
    fail("every_hours is {}, not between 1 and {}", every, kMostHours);
  std::vector<Time> times;
  for (Time t = setting.find("first")->as_time(); t <= last; t += std::chrono::hours{every}) {
    if (times.size() == kMostInits) fail("there are more than {} of them", kMostInits);
    times.push_back(t);
  }
  return times;
}

void read_lead(const Setting& lead, Plan& plan, Diagnostics& diagnostics) {
  if (!lead.is_table()) fail("write it as {{ step_hours = 6, until_hours = 360 }}");
  check_keys(lead, "run.lead", {"step_hours", "until_hours"}, diagnostics);
  Reader reader(lead, "run.lead", diagnostics);
  int until = 0;
  reader.positive("step_hours", plan.step_hours);
  reader.positive("until_hours", until);
  if (until % plan.step_hours != 0)
    fail("until_hours is {}, not a multiple of step_hours, which is {}; take {}", until,
         plan.step_hours, (until / plan.step_hours + 1) * plan.step_hours);
  plan.leads = until / plan.step_hours;
}

std::vector<int> all_members(int count) {
  std::vector<int> members;
  for (int m = 1; m <= count; ++m) members.push_back(m);
  return members;
}

/// Keeps what `selected` names, in the plan's order; reports what the plan lacks.
template <class T, class Show>
std::vector<T> select(const std::vector<T>& all, const std::vector<T>& selected, const char* what,
                      Show show) {
  if (selected.empty()) return all;
  for (const T& wanted : selected)
    if (std::find(all.begin(), all.end(), wanted) == all.end())
      throw PipelineError(fmt::format("--only {}: {} is not in this run", what, show(wanted)));
  std::vector<T> kept;
  std::copy_if(all.begin(), all.end(), std::back_inserter(kept), [&](const T& value) {
    return std::find(selected.begin(), selected.end(), value) != selected.end();
  });
  return kept;
}

/// Reports what a run of iterations has no use for.
void check_iterations(const Setting& run, int members, Diagnostics& diagnostics) {
  const auto refuse = [&](const char* key, const std::string& cure) {
    diagnostics.error({run.find(key)->position(),
                       fmt::format("run.iterations and run.{} are both there", key), "", cure});
  };
  const auto has_no = [](const char* what) {
    return fmt::format("a run of iterations has no {}: remove one of them", what);
  };
  if (run.find("inits")) refuse("inits", has_no("initial times"));
  if (run.find("lead")) refuse("lead", has_no("leads"));
  if (members > 1) refuse("members", has_no("members"));
  if (run.find("batch")) refuse("batch", "set `batch` of the node that reads samples");
}

/// The items of the plan, all or those that are selected.
void read_items(const Setting& run, const Selection& selection, Plan& plan,
                Diagnostics& diagnostics) {
  if (plan.iterations > 0) {
    if (!selection.inits.empty())
      throw PipelineError(
          "error: --only inits: this run has iterations, not initial times\n"
          "      = leave it out; run.iterations says how many there are");
    for (int i = 1; i <= plan.iterations; ++i) plan.inits.push_back(iteration_time(i));
    return;
  }
  if (plan.inits.empty() && diagnostics.ok()) {
    const Setting* inits = run.find("inits");
    diagnostics.error(
        {inits ? inits->position() : run.position(), "no initial time in [run]", "",
         "add inits = [\"2002-01-11T00:00:00Z\"], or { first = …, last = …, every_hours = 24 }; or "
         "iterations = 1000 where an optimiser is run"});
  }
  if (const std::set<Time> distinct(plan.inits.begin(), plan.inits.end());
      distinct.size() != plan.inits.size())
    diagnostics.error({run.find("inits")->position(), "run.inits holds one time twice", "",
                       "remove one of them"});
  plan.inits = select(plan.inits, selection.inits, "inits", short_time);
}

}  // namespace

void check_keys(const Setting& table, const std::string& where,
                const std::vector<std::string>& known, Diagnostics& diagnostics) {
  for (const auto& entry : table.table())
    if (std::find(known.begin(), known.end(), entry.key) == known.end())
      diagnostics.error({entry.key_position, "unknown key '" + entry.key + "' in " + where,
                         did_you_mean(entry.key, known), "keys of " + where + ": " + join(known)});
}

bool asks_for_batch(const Pipeline& pipeline) {
  const Setting* batch = pipeline.table("run").find("batch");
  return batch && batch->is_string() && batch->as_text() == "auto";
}

void read_plan(const Pipeline& pipeline, const Selection& selection, Plan& plan,
               Diagnostics& diagnostics) {
  const Setting& run = pipeline.table("run");
  check_keys(run, "[run]", {"inits", "iterations", "members", "batch", "lead", "seed"},
             diagnostics);
  Reader reader(run, "run", diagnostics);
  int members = 0;
  reader.with("inits", [&](const Setting& s) { plan.inits = read_inits(s, diagnostics); });
  reader.positive("iterations", plan.iterations, kMostIterations);
  reader.positive("members", members);
  int batch = std::min(std::max(members, 1), 10);
  if (asks_for_batch(pipeline))
    batch = std::max(members, 1);
  else
    reader.positive("batch", batch);
  reader.with("lead", [&](const Setting& s) { read_lead(s, plan, diagnostics); });
  reader.with("seed",
              [&](const Setting& s) { plan.seed = static_cast<std::uint64_t>(s.as_integer()); });

  if (plan.iterations > 0) check_iterations(run, members, diagnostics);
  read_items(run, selection, plan, diagnostics);
  const auto chosen = select(all_members(std::max(members, 1)), selection.members, "members",
                             [](int m) { return fmt::format("member {}", m); });
  for (std::size_t i = 0; i < chosen.size(); i += static_cast<std::size_t>(batch))
    plan.batches.emplace_back(
        chosen.begin() + static_cast<std::ptrdiff_t>(i),
        chosen.begin() + static_cast<std::ptrdiff_t>(
                             std::min(chosen.size(), i + static_cast<std::size_t>(batch))));

  const Setting& engine = pipeline.table("engine");
  check_keys(engine, "[engine]", {"threads", "in_flight", "window", "journal", "on_error", "mode"},
             diagnostics);
  Reader engine_reader(engine, "engine", diagnostics);
  plan.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  plan.in_flight = plan.iterations > 0 ? kIterationsInFlight : plan.batch_count();
  engine_reader.positive("threads", plan.threads);
  engine_reader.positive("in_flight", plan.in_flight);
  engine_reader.positive("window", plan.window);
}

void add_selection(Selection& selection, const std::string& option) {
  const auto equals = option.find('=');
  const std::string what = option.substr(0, equals);
  if (equals == std::string::npos || (what != "members" && what != "inits"))
    throw PipelineError("--only " + option +
                        ": write it as --only members=1-4,7 or --only inits=2002-01-11T00");
  std::istringstream parts(option.substr(equals + 1));
  const auto number = [&option](const std::string& text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 ||
        value > kMostMembers)
      throw PipelineError("--only " + option + ": '" + text + "' is not a member number");
    return value;
  };
  for (std::string part; std::getline(parts, part, ',');) {
    if (what == "inits") {
      try {
        selection.inits.push_back(parse_time(part));
      } catch (const Error& error) {
        throw PipelineError("--only " + option + ": " + error.what());
      }
    } else {
      const auto dash = part.find('-');
      const int first = number(part.substr(0, dash));
      const int last = dash == std::string::npos ? first : number(part.substr(dash + 1));
      if (last < first)
        throw PipelineError("error: --only " + option + ": the range " + part + " is empty");
      for (int member = first; member <= last; ++member) selection.members.push_back(member);
    }
  }
  if (option.size() == equals + 1)
    throw PipelineError("error: --only " + option + " selects nothing\n      = write " + what +
                        (what == "members" ? "=1-4,7" : "=2002-01-11T00"));
}

}  // namespace ladcast
