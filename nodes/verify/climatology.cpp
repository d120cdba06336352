#include "graph/node.h"
#include "nodes/values/fields_payload.h"
#include "nodes/values/model_param.h"
#include "nodes/verify/climatology_terms.h"

namespace ladcast {
namespace {

class Climatology final : public Node {
  Out<Fields> fields{this, "fields", "physical units, one for each valid time of the plan"};
  Param<Model> model{this, "model", "model folder or name; its climatology file is read"};

  std::optional<ClimatologyTerms> terms_;

 public:
  Climatology() { on_process_lane("netcdf"); }

 private:
  Axes source_axes(const Plan& plan) const override { return {true, plan.each_lead(), false}; }

  void shape(Shape& shape) override {
    if (model->climatology.empty())
      shape.error(
          model, "model '" + model->name + "' has no climatology",
          "leave the climatology out, or name a file under [climatology] in its model.toml");
    describe_fields(shape.out(fields), model->channels, model->grid, false, 1, 1);
  }

  void open() override {
    terms_ = ClimatologyTerms::read(model->climatology, model->channels, model->grid);
  }
  void run(Task& task) const override {
    task.send(fields, terms_->at(task.init(), task.lead_hours()));
  }
  void close() override { terms_.reset(); }
};

LADCAST_NODE(Climatology, "climatology", "Emits the climatological mean of each valid time.");

}  // namespace
}  // namespace ladcast
