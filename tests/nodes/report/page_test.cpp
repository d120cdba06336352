#include "nodes/report/page.h"

#include <doctest/doctest.h>

#include "tests/nodes/report/score_points.h"

using namespace ladcast;

namespace {

Page page() {
  Page page;
  page.title = "Rain & shine";
  page.what = "50 members";
  page.finding = "It is good.";
  page.table = {{"", "day 1"}, {"Z500", "12"}};
  Figure map{.id = "map", .title = "Map", .caption = "", .width = 10, .height = 10};
  map.shapes = {"coast"};
  Figure curve{.id = "rmse", .title = "Error", .caption = "how", .width = 10, .height = 10};
  curve.numbers = {"a,1", "b,2"};
  page.sections = {{"maps", "Maps", "", {map, map}},
                   {"none", "Nothing", "", {}},
                   {"scores", "Scores", "", {curve}}};
  page.csv_header = "name,value";
  page.provenance = {{"The run", false, {{"program", "ladcast-flow"}}}};
  return page;
}

std::size_t at(const std::string& html, const std::string& part) {
  const auto place = html.find(part);
  CAPTURE(part);
  CHECK(place != std::string::npos);
  return place;
}

}  // namespace

TEST_CASE("a page needs no other file and no network") {
  const std::string html = html_page(page());
  CHECK(html.starts_with("<!DOCTYPE html>"));
  for (const char* part : {"http://", "https://", "<script", "<link", "@import", "url("})
    CHECK(html.find(part) == std::string::npos);
  CHECK(html.find("<title>Rain &amp; shine</title>") != std::string::npos);
}

TEST_CASE("a page has each shape once, and only sections with figures") {
  const std::string html = html_page(page());
  CHECK(count(html, "id=\"coast\"") == 1);
  CHECK(html.find("Nothing") == std::string::npos);
  CHECK(html.find("<a href=\"#maps\">Maps</a>") != std::string::npos);
}

TEST_CASE("the rows that a figure draws stand below it under the head of the CSV") {
  const std::string html = html_page(page());
  CHECK(html.find("<details id=\"numbers-rmse\"><summary>2 rows drawn here</summary>"
                  "<pre>name,value\na,1\nb,2\n</pre>") != std::string::npos);
  CHECK(count(html, "rows drawn here") == 1);
}

TEST_CASE("verdicts on the forecast's health come before all numbers") {
  Page sick = page();
  CHECK(html_page(sick).find("Health") == std::string::npos);
  sick.verdicts = {
      {PageVerdict::Status::passed, "No member is a copy.", ""},
      {PageVerdict::Status::failed, "Spread is 0.1 of the error < 0.5.", "Add noise."}};
  const std::string html = html_page(sick);
  CHECK(at(html, "It is good.") < at(html, "No member is a copy."));
  CHECK(at(html,
           "<div class=\"verdict failed\"><b>failed</b><p>Spread is 0.1 of the error &lt; "
           "0.5.</p><p>Add noise.</p>") < at(html, "At a glance</h2>"));
}

TEST_CASE("a section without figures says what stands in their place") {
  Page without = page();
  without.sections[1].instead = "There is none.";
  const std::string html = html_page(without);
  CHECK(html.find("<h2>Nothing</h2>\n<p class=\"text\">There is none.</p>") != std::string::npos);
  CHECK(html.find("<a href=\"#none\">Nothing</a>") != std::string::npos);
}
