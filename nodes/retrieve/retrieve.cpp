// `ladcast-flow retrieve`: the requests, and in comments how the pipeline reads what they bring.
#include "graph/retrieve.h"

#include <fmt/ranges.h>

#include "graph/text.h"
#include "nodes/retrieve/requests.h"

namespace ladcast {
namespace {

std::string how_to_read(const Needs& needs) {
  std::string text;
  for (const auto& node : needs.nodes) {
    text += fmt::format("#   --set nodes.{0}.type=grib_in --set 'nodes.{0}.path=era5_{1}_*.grib'",
                        node, needs.nodes.front());
    if (needs.precipitation && !needs.sums_precipitation)
      text += fmt::format(" --set 'nodes.{}.derive=[\"total_precipitation_6hr from hourly sums\"]'",
                          node);
    text += "\n";
  }
  return text;
}

std::string describe(const Needs& needs) {
  std::vector<std::string> nodes;
  for (const auto& node : needs.nodes) nodes.push_back("'" + node + "'");
  const bool one = needs.times.size() == 1;
  std::string text = fmt::format(
      "#\n# For {} {}: {}, {}{}. Read it with\n{}", needs.nodes.size() == 1 ? "node" : "nodes",
      fmt::join(nodes, ", "), format_count(static_cast<std::int64_t>(needs.times.size()), "time"),
      short_time(*needs.times.begin()), one ? "" : " to " + short_time(*needs.times.rbegin()),
      how_to_read(needs));
  if (needs.precipitation)
    text +=
        "# ERA5 has the precipitation of each hour, not of six: those of the six hours before each "
        "time are fetched,\n# and derive = [\"total_precipitation_6hr from hourly sums\"] sums "
        "them.\n";
  if (needs.spacing)
    text += fmt::format(
        "# The nodes want the model's grid (grid = \"model\"), to which the archive interpolates "
        "({} degrees);\n# grid = \"file\" and a regrid node average ERA5's own, as the model was "
        "trained.\n",
        *needs.spacing);
  if (needs.has_grid_of_its_own)
    text +=
        "# The nodes want the model's grid (grid = \"model\"), on which ERA5 cannot be had:\n"
        "# set grid = \"file\" and add a regrid node.\n";
  return text;
}

std::string retrieve(const Graph& graph, const RetrieveOptions& options) {
  const bool cds = options.format == "cds";
  std::string head = fmt::format("# ERA5 for {}, {}.\n", graph.file,
                                 cds ? "from the Climate Data Store" : "as MARS requests");
  if (cds)
    head +=
        "# Needs an account there, its key in ~/.cdsapirc, the data sets' licences accepted, and: "
        "pip install cdsapi\n";
  std::string requests;
  for (const Needs& needs : needs_of(graph, options.leads)) {
    head += describe(needs);
    requests += cds ? cds_requests(needs) : mars_requests(needs);
  }
  if (const auto nodes = lead_readers(graph); !options.leads && !nodes.empty())
    head += fmt::format("#\n# Not for {} (at = \"lead\"), to which --leads extends it.\n",
                        fmt::join(nodes, ", "));
  return head + (cds ? "import cdsapi\n\nclient = cdsapi.Client()\n" : "") + requests;
}

const Retriever retriever(retrieve);

}  // namespace
}  // namespace ladcast
