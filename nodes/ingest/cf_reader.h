// What nodes that read CfFiles have in common.
#pragma once

#include <memory>

#include "nodes/ingest/cf_file.h"
#include "nodes/ingest/reader_params.h"

namespace ladcast {

struct CfReader : ReaderParams {
  using Open = std::unique_ptr<const CfFile> (*)(const std::filesystem::path&);

  CfReader(Stage* owner, Open how) : ReaderParams(owner), open(how) {}

  Open open;
  Param<std::string> missing{
      stage,
      "missing",
      "what to do where the file lacks a time: stop, or send fields without members",
      {.fallback = "error", .choices = {"error", "skip"}}};

  void shape(Shape& shape, const OutPort& out) const;
  Fields fields(const Task& task) const;
};

}  // namespace ladcast
