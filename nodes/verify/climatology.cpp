#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/verify/climatology_terms.h"

namespace ladcast {
namespace {

class Climatology final : public Node {
  Out<Fields> fields{this, "fields", "physical units, one for each valid time of the plan"};
  Param<Model> model{this, "model", "model folder or name; its climatology file is read"};

  Param<std::string> missing{
      this,
      "missing",
      "what to do with a model that has no climatology: stop, or send fields "
      "without members, which scores leaves out",
      {.fallback = "error", .choices = {"error", "skip"}}};

  std::optional<ClimatologyTerms> terms_;

 public:
  Climatology() { on_process_lane("netcdf"); }

 private:
  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void shape(Shape& shape) override {
    if (model->climatology.empty() && *missing == "error")
      shape.error(model, fmt::format("model '{}' has no climatology", model->name),
                  "set missing = \"skip\", leave the node out, or name a file under [climatology] "
                  "in its model.toml");
    describe_fields(shape.out(fields), model->channels, model->grid, false, 1, 1);
  }

  std::vector<std::filesystem::path> files() const override { return model->files(); }
  void open() override {
    if (model->climatology.empty()) return;
    terms_ = ClimatologyTerms::read(model->climatology, model->channels, model->grid);
  }
  void run(Task& task) const override {
    const Fields none{model->grid, model->channels, task.init(), {task.lead_hours()},
                      {},          false,           {}};
    task.send(fields, terms_ ? terms_->at(task.init(), task.lead_hours()) : none);
  }
  void close() override { terms_.reset(); }
};

LADCAST_NODE(Climatology, "climatology", "Emits the climatological mean of each valid time.");

}  // namespace
}  // namespace ladcast
