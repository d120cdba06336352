// The page of the report: one HTML file that needs nothing else.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "nodes/report/figure.h"

namespace ladcast {

/// What a check of the forecast's health found.
struct PageVerdict {
  enum class Status { passed, warning, failed };
  Status status = Status::passed;
  std::string finding;  // what was measured, with its threshold
  std::string advice;   // what to do; may be empty
};

struct PageSection {
  std::string id, title, text;
  std::vector<Figure> figures = {};
  std::string instead = {};  // said where there are no figures
};

/// Names with values.
struct PageFacts {
  std::string title;
  bool folded = false;  // shown on demand
  std::vector<std::pair<std::string, std::string>> facts;
};

struct Page {
  std::string title;
  std::string what;     // was run
  std::string finding;  // the main one
  std::vector<PageVerdict> verdicts;
  std::vector<std::vector<std::string>> table;  // at a glance; the first row is its head
  std::vector<PageSection> sections;            // those with figures or words in their place
  std::string numbers;                          // where the numbers that were drawn come from
  std::string csv_header;                       // of scores
  std::vector<PageFacts> provenance;
  std::string table_title = "At a glance";
};

/// Without links to other files or hosts.
std::string html_page(const Page& page);

}  // namespace ladcast
